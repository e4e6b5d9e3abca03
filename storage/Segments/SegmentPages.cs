namespace NeuroDb.Storage;

/// <summary>
/// The pages of an open file: reads them and opens their seals, so that no byte is used that is
/// not the one that was written at this place. Safe for many threads.
/// </summary>
internal sealed class SegmentPages
{
    // Read in steps that stay in the processor's second cache until they are verified.
    private const int StepPageCount = 4;
    private readonly IFile _file;
    private readonly PageGuard _guard;
    private readonly byte[] _seals;
    private readonly ExtentRecord[] _extents;
    private readonly int[] _firstPages;
    private readonly long _end;

    /// <summary>Takes the extents of a directory that was checked.</summary>
    /// <param name="file">The file.</param>
    /// <param name="guard">Opens its seals.</param>
    /// <param name="extents">The extents in the order of the file.</param>
    /// <param name="seals">The seals of their pages.</param>
    /// <param name="end">Where the last extent and its padding end.</param>
    public SegmentPages(
        IFile file, PageGuard guard, ExtentRecord[] extents, byte[] seals, long end)
    {
        _file = file;
        _guard = guard;
        _extents = extents;
        _seals = seals;
        _end = end;
        _firstPages = new int[extents.Length + 1];
        for (int i = 0; i < extents.Length; i++)
        {
            _firstPages[i + 1] =
                _firstPages[i] + (int)SegmentFormat.PageCountOf(extents[i].Length);
        }

        Invariant.Check((long)_firstPages[^1] * guard.SealSizeBytes == seals.Length);
    }

    /// <summary>Where the file is, for errors.</summary>
    public string Path => _file.Path;

    /// <summary>An extent.</summary>
    public ExtentRecord ExtentAt(int extent) => _extents[extent];

    /// <summary>The pages of an extent.</summary>
    public int PageCountOf(int extent) => _firstPages[extent + 1] - _firstPages[extent];

    /// <summary>The bytes of an extent with its padding.</summary>
    public long PaddedLengthOf(int extent)
    {
        long next = extent + 1 < _extents.Length ? _extents[extent + 1].Offset : _end;
        return next - _extents[extent].Offset;
    }

    /// <summary>Reads a whole extent with its padding.</summary>
    /// <param name="extent">Which one.</param>
    /// <param name="target">Room for exactly its padded length.</param>
    public void Read(int extent, Span<byte> target)
    {
        Invariant.Check(target.Length == PaddedLengthOf(extent));
        int pages = PageCountOf(extent);
        for (int page = 0; page < pages; page += StepPageCount)
        {
            int count = Math.Min(StepPageCount, pages - page);
            int length = (int)LengthOf(extent, page, count);
            Read(extent, page, count, target[..length]);
            target = target[length..];
        }

        Invariant.Check(target.IsEmpty);
    }

    /// <summary>The bytes of some pages of an extent, padding included.</summary>
    public long LengthOf(int extent, int page, int count)
    {
        long start = (long)page * SegmentFormat.PageSizeBytes;
        return page + count == PageCountOf(extent)
            ? PaddedLengthOf(extent) - start
            : (long)count * SegmentFormat.PageSizeBytes;
    }

    /// <summary>Reads some pages of an extent.</summary>
    /// <param name="extent">Which one.</param>
    /// <param name="page">The first page, within the extent.</param>
    /// <param name="count">How many.</param>
    /// <param name="target">Room for exactly their bytes.</param>
    public void Read(int extent, int page, int count, Span<byte> target)
    {
        Invariant.Check(target.Length == LengthOf(extent, page, count));
        long offset = _extents[extent].Offset + ((long)page * SegmentFormat.PageSizeBytes);
        ReadBytes(offset, target);

        for (int i = 0; i < count; i++)
        {
            int length = i == count - 1
                ? target.Length
                : SegmentFormat.PageSizeBytes;
            int number = _firstPages[extent] + page + i;
            ReadOnlySpan<byte> seal =
                _seals.AsSpan(number * _guard.SealSizeBytes, _guard.SealSizeBytes);
            if (!_guard.TryOpen(number, target[..length], seal))
            {
                throw new CorruptionException(
                    _file.Path, offset, $"page {number} does not match its seal");
            }

            offset += length;
            target = target[length..];
        }
    }

    private void ReadBytes(long offset, Span<byte> target)
    {
        int read;
        try
        {
            read = _file.Read(offset, target);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"{_file.Path} cannot be read at byte {offset}: {cause.Message}",
                innerException: cause);
        }

        if (read != target.Length)
        {
            throw new CorruptionException(_file.Path, offset + read, "the file ends early");
        }
    }
}
