using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// Reads one extent from its first to its last byte through a small buffer, page by page, each
/// verified. One thread; give it back by disposal.
/// </summary>
internal sealed class ExtentCursor : IDisposable
{
    /// <summary>The most bytes that can be taken in one piece.</summary>
    public const int PieceSizeBytesMax = 2 * SegmentFormat.PageSizeBytes;

    private const int PaddingSizeBytesMax = SegmentFormat.VectorAlignmentBytes;
    private const int BufferSizeBytes =
        PieceSizeBytesMax + (2 * SegmentFormat.PageSizeBytes) + PaddingSizeBytesMax;
    private readonly SegmentPages _pages;
    private readonly int _extent;
    private readonly byte[] _buffer;
    private int _page;
    private int _start;
    private int _end;

    /// <summary>Stands before the first byte.</summary>
    public ExtentCursor(SegmentPages pages, int extent)
    {
        _pages = pages;
        _extent = extent;
        Remaining = pages.ExtentAt(extent).Length;
        _buffer = ArrayPool<byte>.Shared.Rent(
            (int)Math.Min(pages.PaddedLengthOf(extent), BufferSizeBytes));
    }

    /// <summary>The bytes not read yet, padding not counted.</summary>
    public long Remaining { get; private set; }

    /// <summary>Where the next byte stands in the file.</summary>
    public long Position
    {
        get
        {
            ExtentRecord extent = _pages.ExtentAt(_extent);
            return extent.Offset + extent.Length - Remaining;
        }
    }

    /// <summary>The next bytes, good until the next call.</summary>
    public ReadOnlySpan<byte> Take(long count)
    {
        Check(count >= 0 && count <= Remaining, "bytes that are not there");
        Check(count <= PieceSizeBytesMax, "more bytes than such a column takes");
        if (_end - _start < count)
        {
            Fill((int)count);
        }

        ReadOnlySpan<byte> taken = _buffer.AsSpan(_start, (int)count);
        _start += (int)count;
        Remaining -= count;
        return taken;
    }

    /// <summary>The next bytes as a block.</summary>
    public BlockReader TakeBlock(long count)
    {
        long offset = Position;
        return new BlockReader(Take(count), _pages.Path, offset);
    }

    /// <summary>Copies the next bytes, however many.</summary>
    public void CopyTo(Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            int count = Math.Min(target.Length, SegmentFormat.PageSizeBytes);
            Take(count).CopyTo(target);
            target = target[count..];
        }
    }

    /// <summary>Raises an error unless what was read makes sense.</summary>
    public void Check(bool condition, string detail)
    {
        if (!condition)
        {
            throw new CorruptionException(
                _pages.Path, Position, $"the column data holds {detail}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Fill(int count)
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int pageCount = _pages.PageCountOf(_extent);
        while (_page < pageCount && (_end < count || HasRoom()))
        {
            int length = (int)_pages.LengthOf(_extent, _page, 1);
            _pages.Read(_extent, _page, 1, _buffer.AsSpan(_end, length));
            _end += length;
            _page++;
        }

        Invariant.Check(_end >= count);
    }

    private bool HasRoom() => _buffer.Length - _end >= _pages.LengthOf(_extent, _page, 1);
}
