using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>Reads the files of a log as one range of addresses, page by page.</summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly List<IFile> _files = [];
    private readonly string _directory;
    private long _segmentSize;

    /// <summary>Opens the files; a log without its first file is damaged.</summary>
    public SegmentReader(IFileSystem files, string directory)
    {
        _directory = directory;
        int count = CountSegments(files, directory);
        bool isComplete = false;
        try
        {
            for (int number = 0; number < count; number++)
            {
                string path = LogSegments.PathOf(directory, number);
                if (!files.FileExists(path))
                {
                    throw new CorruptionException(path, 0, "this file of the log is missing");
                }

                _files.Add(files.Open(path, FileOpenKind.Read));
            }

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

    /// <summary>Sets the segment size, once the header is read, and checks all lengths.</summary>
    public void UseSegmentSize(int segmentSizeBytes)
    {
        _segmentSize = segmentSizeBytes;
        for (int number = 0; number < _files.Count; number++)
        {
            long length = _files[number].Length;
            bool isLast = number == _files.Count - 1;
            if (length > _segmentSize || (!isLast && length != _segmentSize))
            {
                throw new CorruptionException(
                    _files[number].Path,
                    Math.Min(length, _segmentSize),
                    $"this file of the log has {length} bytes, not {_segmentSize}");
            }

            EndAddress = (number * _segmentSize) + length;
        }
    }

    /// <summary>Reads the start of the first file.</summary>
    /// <returns>The bytes read.</returns>
    public int ReadStart(Span<byte> buffer) => _files[0].Read(0, buffer);

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
        int read = _files[number].Read(address % _segmentSize, buffer[..count]);
        return read == count ? read : throw Damage(address + read, "the file ends early");
    }

    /// <summary>The error for damage at an address.</summary>
    public CorruptionException Damage(long address, string detail)
    {
        long size = _segmentSize == 0 ? long.MaxValue : _segmentSize;
        int number = (int)Math.Min(address / size, _files.Count - 1);
        return new CorruptionException(
            LogSegments.PathOf(_directory, number), address - (number * size), detail);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IFile file in _files)
        {
            file.Dispose();
        }
    }

    private static int CountSegments(IFileSystem files, string directory)
    {
        int count = 1;
        if (!files.DirectoryExists(directory))
        {
            return count;
        }

        foreach (string path in files.List(directory))
        {
            string name = Path.GetFileName(path);
            if (name.StartsWith(LogFormat.SegmentPrefix, StringComparison.Ordinal)
                && int.TryParse(
                    name.AsSpan(LogFormat.SegmentPrefix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int number)
                && number < int.MaxValue)
            {
                count = Math.Max(count, number + 1);
            }
        }

        return count;
    }
}
