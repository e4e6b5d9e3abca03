namespace NeuroDb.Storage;

/// <summary>
/// Reads the files of a log, from the one that holds its start on, as one range of addresses.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly List<IFile> _files = [];
    private readonly string _directory;
    private readonly long _segmentSize;
    private readonly int _firstNumber;

    /// <summary>
    /// Opens the files and checks their lengths; a log without the file of its start, or with a
    /// gap behind it, is damaged.
    /// </summary>
    public SegmentReader(IFileSystem files, string directory, in LogStart start)
    {
        _directory = directory;
        _segmentSize = start.SegmentSizeBytes;
        _firstNumber = start.SegmentNumber;
        int last = Math.Max(_firstNumber, LogSegments.LastNumber(files, directory));
        bool isComplete = false;
        try
        {
            for (int number = _firstNumber; number <= last; number++)
            {
                string path = LogSegments.PathOf(directory, number);
                if (!files.FileExists(path))
                {
                    throw new CorruptionException(path, 0, "this file of the log is missing");
                }

                _files.Add(files.Open(path, FileOpenKind.Read));
            }

            CheckLengths();
            isComplete = true;
        }
        finally
        {
            if (!isComplete)
            {
                Dispose();
            }
        }
    }

    /// <summary>Where the last file ends.</summary>
    public long EndAddress { get; private set; }

    /// <summary>Reads from an address to the end of the buffer or of the files.</summary>
    /// <remarks>The range must not cross segments.</remarks>
    /// <returns>The bytes read.</returns>
    public int Read(long address, Span<byte> buffer)
    {
        if (address >= EndAddress)
        {
            return 0;
        }

        int count = (int)Math.Min(buffer.Length, EndAddress - address);
        int number = (int)(address / _segmentSize);
        Invariant.Check((address + count - 1) / _segmentSize == number);
        int read = _files[number - _firstNumber].Read(address % _segmentSize, buffer[..count]);
        return read == count ? read : throw Damage(address + read, "the file ends early");
    }

    /// <summary>The error for damage at an address.</summary>
    public CorruptionException Damage(long address, string detail)
    {
        int last = _firstNumber + _files.Count - 1;
        int number = (int)Math.Min(address / _segmentSize, last);
        return new CorruptionException(
            LogSegments.PathOf(_directory, number), address - (number * _segmentSize), detail);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IFile file in _files)
        {
            file.Dispose();
        }
    }

    private void CheckLengths()
    {
        for (int i = 0; i < _files.Count; i++)
        {
            long length = _files[i].Length;
            bool isLast = i == _files.Count - 1;
            if (length > _segmentSize || (!isLast && length != _segmentSize))
            {
                throw new CorruptionException(
                    _files[i].Path,
                    Math.Min(length, _segmentSize),
                    $"this file of the log has {length} bytes, not {_segmentSize}");
            }

            EndAddress = ((_firstNumber + i) * _segmentSize) + length;
        }
    }
}
