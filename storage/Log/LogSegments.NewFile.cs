namespace NeuroDb.Storage;

/// <content>Going on in a new file, so that the others can be removed.</content>
internal sealed partial class LogSegments
{
    /// <summary>
    /// Whether the file of an address is larger than a new file, or not the only one.
    /// </summary>
    public bool IsNewFileSmaller(long address)
    {
        long begin = address - (address % _segmentSize);
        return WrittenAhead - begin > _step || _firstNumber < address / _segmentSize;
    }

    /// <summary>
    /// Fills the file that holds an address up, with a hole, and makes the file behind it. All of
    /// it is zero: whether the log ends at the address or begins with the new file, it is the same
    /// log with nothing behind its end.
    /// </summary>
    public void MakeNext(long address)
    {
        int number = (int)(address / _segmentSize);
        long end = (number + 1L) * _segmentSize;
        lock (_growth)
        {
            ThrowIfFailed();
            Invariant.Check(!_isUnordered && WrittenAhead >= address);
            try
            {
                if (WrittenAhead < end)
                {
                    using IFile file = _seams.Files.Open(
                        PathOf(_directory, number), FileOpenKind.Write);
                    file.SetLength(_segmentSize);
                    file.Flush();
                    Volatile.Write(ref _writtenAhead, end);
                }

                if (WrittenAhead == end)
                {
                    Grow();
                }
            }
            catch (Exception failure)
                when (failure is IOException or UnauthorizedAccessException)
            {
                // A failed flush is never tried again.
                _failure = failure;
                throw;
            }
        }
    }

    /// <summary>Lets the next write go to the file of an address, and no other be open.</summary>
    public void MoveTo(long address)
    {
        Invariant.Check(address < WrittenAhead);
        _current!.Dispose();
        OpenForAppend((int)(address / _segmentSize));
    }
}
