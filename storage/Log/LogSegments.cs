using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>
/// The files of an open log. They are written with zeros and made durable ahead of the log's end,
/// so that appending changes neither length nor block map of a file: a durable append is then one
/// write to the device. The space ahead grows on a background thread.
/// </summary>
internal sealed partial class LogSegments : IDisposable
{
    private const int ZeroChunkSizeBytes = 256 * 1024;

    // How far the space ahead grows at most. It grows in small steps, each flushed by itself:
    // otherwise commits would wait behind all the zeros in the device's queue.
    private const int AheadSizeBytesMax = 16 << 20;
    private static readonly ReadOnlyMemory<byte> Zeros = NewZeros();
    private readonly SystemSeams _seams;
    private readonly string _directory;
    private readonly int _segmentSize;
    private readonly int _step;
    private readonly object _growth = new();

    // Files before the start that an earlier process left.
    private readonly List<int> _stale = [];
    private IFile? _current;
    private volatile int _currentNumber;
    private volatile int _firstNumber;
    private IFile? _unordered;
    private int _unorderedNumber;
    private bool _isUnordered;
    private long _writtenAhead;
    private int _growing;
    private volatile Exception? _failure;

    private LogSegments(SystemSeams seams, string directory, int segmentSize, int step)
    {
        _seams = seams;
        _directory = directory;
        _segmentSize = segmentSize;
        _step = step;
    }

    /// <summary>Up to which address the files are written and durable.</summary>
    public long WrittenAhead => Volatile.Read(ref _writtenAhead);

    /// <summary>The path of a segment.</summary>
    public static string PathOf(string directory, int number) => Path.Combine(
        directory, LogFormat.SegmentPrefix + number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The greatest number that a file of the directory has, or -1.</summary>
    public static int LastNumber(IFileSystem files, string directory)
    {
        int last = -1;
        foreach (int number in LogFileNames.Numbers(files, directory))
        {
            last = Math.Max(last, number);
        }

        return last;
    }

    /// <summary>Makes the first file of a new log, durable on return.</summary>
    public static void Create(
        SystemSeams seams, string directory, in LogStart start, int step)
    {
        using var segments = new LogSegments(
            seams, directory, start.SegmentSizeBytes, step);
        segments._writtenAhead = (long)start.SegmentNumber * start.SegmentSizeBytes;
        segments.EnsureWritten(start.Address + 1);
    }

    /// <summary>
    /// Opens the files of an existing log to append where it ends. Files before its start, which a
    /// crash or another system's lock left, stay until <see cref="RemoveBefore"/>.
    /// </summary>
    public static LogSegments Open(
        SystemSeams seams, string directory, in LogStart start, int step, LogExtent extent)
    {
        var segments = new LogSegments(seams, directory, start.SegmentSizeBytes, step);
        segments._writtenAhead = extent.WrittenAhead;
        segments._firstNumber = start.SegmentNumber;
        foreach (int number in LogFileNames.Numbers(seams.Files, directory))
        {
            if (number < start.SegmentNumber)
            {
                segments._stale.Add(number);
            }
        }

        segments.Harden(extent, start.SegmentNumber);
        seams.Files.FlushDirectory(directory);
        segments.EnsureWritten(extent.AppendAddress + 1);
        segments.OpenForAppend((int)(extent.AppendAddress / segments._segmentSize));
        return segments;
    }

    /// <summary>
    /// Writes at an address; the bytes lie inside one segment. They are durable on return, unless
    /// unordered writes were begun.
    /// </summary>
    public void Write(long address, ReadOnlySpan<byte> data)
    {
        int number = (int)(address / _segmentSize);
        Invariant.Check((address + data.Length - 1) / _segmentSize == number);
        if (_isUnordered)
        {
            WriteUnordered(number, address, data);
            return;
        }

        Invariant.Check(address + data.Length <= WrittenAhead, "only space written ahead is used");
        if (number != _currentNumber)
        {
            _current!.Dispose();
            OpenForAppend(number);
        }

        _current!.Write(address % _segmentSize, data);
    }

    /// <summary>
    /// Lets writes go to the system's memory and beyond the space written ahead, which saves
    /// writing it twice, until <see cref="EndUnordered"/>.
    /// </summary>
    public void BeginUnordered()
    {
        Invariant.Check(!_isUnordered && _unordered is null);
        lock (_growth)
        {
            _isUnordered = true;
        }
    }

    /// <summary>Makes the unordered writes so far durable.</summary>
    public void FlushUnordered()
    {
        Invariant.Check(_isUnordered);
        _unordered?.Flush();
    }

    /// <summary>Makes all unordered writes durable; later ones are durable one by one.</summary>
    public void EndUnordered()
    {
        FlushUnordered();
        _unordered?.Dispose();
        _unordered = null;
        lock (_growth)
        {
            _isUnordered = false;
        }
    }

    /// <summary>Waits until the space up to an address is written ahead.</summary>
    public void EnsureWritten(long endAddress)
    {
        while (!_isUnordered && WrittenAhead < endAddress)
        {
            lock (_growth)
            {
                ThrowIfFailed();
                if (WrittenAhead < endAddress)
                {
                    Grow();
                }
            }
        }
    }

    /// <summary>
    /// Removes the files that end at or before an address, which are those of a log that begins
    /// there. Removing is not flushed: a file that comes back lies before the start, and the next
    /// opening removes it again.
    /// </summary>
    public void RemoveBefore(long address)
    {
        // A file that is open cannot be removed everywhere; its turn comes with a later call.
        int end = Math.Min((int)(address / _segmentSize), _currentNumber);
        for (int i = _stale.Count - 1; i >= 0; i--)
        {
            if (_stale[i] < end)
            {
                _seams.Files.Delete(PathOf(_directory, _stale[i]));
                _stale.RemoveAt(i);
            }
        }

        while (_firstNumber < end)
        {
            _seams.Files.Delete(PathOf(_directory, _firstNumber));
            _firstNumber++;
        }
    }

    /// <summary>
    /// Starts growing in the background when half of the space that is to be ahead is used up.
    /// </summary>
    public void GrowAhead(long tailAddress)
    {
        long bound = Math.Max(_step, Math.Min(AheadSizeBytesMax, _segmentSize));
        long used = tailAddress - ((long)_firstNumber * _segmentSize);
        long ahead = Math.Clamp(used, _step, bound);
        if (WrittenAhead - tailAddress < ahead / 2
            && _failure is null
            && Interlocked.CompareExchange(ref _growing, 1, 0) == 0)
        {
            _seams.Workers.RunWaiting(() => GrowInBackground(tailAddress + ahead));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_growth)
        {
            _failure ??= new ObjectDisposedException(nameof(LogSegments));
            _current?.Dispose();
            _unordered?.Dispose();
        }
    }

    // What a killed process wrote last may not be durable. Where a flush failed, the system may
    // even take it for written and drop it later: so it is written again, not only flushed. Of the
    // zeros ahead the last block is enough, which gives each file its length.
    private void Harden(in LogExtent extent, int firstNumber)
    {
        int number = (int)(Math.Max(0, extent.LastGroupAddress - 1) / _segmentSize);
        int lastNumber = (int)((extent.WrittenAhead - 1) / _segmentSize);
        byte[] buffer = new byte[Math.Min(ZeroChunkSizeBytes, _segmentSize)];
        for (number = Math.Max(number, firstNumber); number <= lastNumber; number++)
        {
            using IFile file = _seams.Files.Open(
                PathOf(_directory, number), FileOpenKind.Write);
            long begin = (long)number * _segmentSize;
            long end = Math.Min(extent.AppendAddress - begin, _segmentSize);
            WriteAgain(file, Math.Max(0, extent.LastGroupAddress - begin), end, buffer);
            end = Math.Min(Math.Min(extent.WrittenAhead - begin, _segmentSize), file.Length);
            WriteAgain(file, Math.Max(0, end - LogFormat.BlockSizeBytes), end, buffer);
            file.Flush();
        }
    }

    private static void WriteAgain(IFile file, long from, long end, byte[] buffer)
    {
        while (from < end)
        {
            int read = file.Read(from, buffer.AsSpan(0, (int)Math.Min(end - from, buffer.Length)));
            Invariant.Check(read > 0, "the bytes were read before");
            file.Write(from, buffer.AsSpan(0, read));
            from += read;
        }
    }

    private void GrowInBackground(long endAddress)
    {
        try
        {
            bool goesOn = true;
            while (goesOn)
            {
                lock (_growth)
                {
                    // Amid unordered writes the last file may be full and not durable: the next
                    // file must not get its name before that.
                    goesOn = _failure is null && !_isUnordered && WrittenAhead < endAddress;
                    if (goesOn)
                    {
                        Grow();
                    }
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A failed flush is never tried again: the next append that needs space stops the log.
            _failure = failure;
        }
        finally
        {
            Volatile.Write(ref _growing, 0);
        }
    }

    // Aligned, so that they go past the system's cache.
    private static Memory<byte> NewZeros()
    {
        Memory<byte> zeros = PinnedMemory.Allocate<byte>(ZeroChunkSizeBytes);
        zeros.Span.Clear();
        return zeros;
    }

    private void Grow()
    {
        long from = WrittenAhead;
        long offset = from % _segmentSize;
        long step = Math.Min(_step, _segmentSize - offset);
        string path = PathOf(_directory, (int)(from / _segmentSize));
        bool exists = offset > 0 || _seams.Files.FileExists(path);
        FileOpenKind kind = exists ? FileOpenKind.Write : FileOpenKind.Create;
        using (IFile file = _seams.Files.Open(path, kind))
        {
            for (long done = 0; done < step; done += ZeroChunkSizeBytes)
            {
                int count = (int)Math.Min(ZeroChunkSizeBytes, step - done);
                file.Write(offset + done, Zeros.Span[..count]);
            }

            file.Flush();
        }

        if (offset == 0)
        {
            _seams.Files.FlushDirectory(_directory);
        }

        Volatile.Write(ref _writtenAhead, from + step);
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new IOException(
                "Writing ahead of the log failed: " + _failure.Message, _failure);
        }
    }

    private void WriteUnordered(int number, long address, ReadOnlySpan<byte> data)
    {
        lock (_growth)
        {
            ThrowIfFailed();
            Invariant.Check(address <= WrittenAhead, "the files have no holes");
            if (_unordered is null || number != _unorderedNumber)
            {
                OpenUnordered(number);
            }

            _unordered!.Write(address % _segmentSize, data);
            long end = address + data.Length;
            Volatile.Write(ref _writtenAhead, Math.Max(WrittenAhead, end));
        }
    }

    // The file before is full and durable before the next one has a name: a log has no gaps.
    private void OpenUnordered(int number)
    {
        _unordered?.Flush();
        _unordered?.Dispose();
        string path = PathOf(_directory, number);
        bool exists = _seams.Files.FileExists(path);
        _unordered = _seams.Files.Open(path, exists ? FileOpenKind.Write : FileOpenKind.Create);
        _unorderedNumber = number;
        if (!exists)
        {
            _seams.Files.FlushDirectory(_directory);
        }
    }

    private void OpenForAppend(int number)
    {
        _current = _seams.Files.Open(
            PathOf(_directory, number), FileOpenKind.Write, writeThrough: true);
        _currentNumber = number;
    }
}
