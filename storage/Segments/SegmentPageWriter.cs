using System.Buffers;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Writes the extents of a new file from the first to the last: cuts them into pages, seals each
/// page and hands the bytes to the file in large pieces at aligned places. A page stays open until
/// the next extent begins, because the padding between them belongs to it.
/// </summary>
internal sealed class SegmentPageWriter : IDisposable
{
    private const int FlushSizeBytes = 1024 * 1024;
    private const int DirectSizeBytes = 4 * FlushSizeBytes;
    private const int BufferSizeBytes = FlushSizeBytes + (2 * SegmentFormat.PageSizeBytes);
    private readonly IFile _file;
    private readonly PageGuard _guard;
    private readonly NativeArray<byte> _memory =
        new(BufferSizeBytes, NativeRegion.InSmallPages);
    private readonly ArrayBufferWriter<byte> _seals = new();
    private long _written;
    private int _pageStart;
    private int _end;
    private long _extentStart;

    private readonly BackgroundFlush _flush;
    private readonly BackgroundWork _ahead;

    /// <summary>Begins behind a header.</summary>
    /// <param name="file">The new file.</param>
    /// <param name="guard">Seals its pages.</param>
    /// <param name="header">Its first block.</param>
    /// <param name="flush">Flushes the file while it grows.</param>
    /// <param name="ahead">Writes large pieces.</param>
    public SegmentPageWriter(
        IFile file,
        PageGuard guard,
        ReadOnlySpan<byte> header,
        BackgroundFlush flush,
        BackgroundWork ahead)
    {
        _flush = flush;
        _ahead = ahead;
        Invariant.Check(header.Length == SegmentFormat.BlockSizeBytes);
        _file = file;
        _guard = guard;
        header.CopyTo(Buffer);
        _end = header.Length;
        _pageStart = _end;
    }

    // Whole pages, so that the pieces can go to the device as they are.
    private Span<byte> Buffer => _memory.Span;

    /// <summary>Where the next byte goes.</summary>
    public long Position => _written + _end;

    /// <summary>The pages sealed so far.</summary>
    public int PageCount { get; private set; }

    /// <summary>The seals so far, page by page.</summary>
    public ReadOnlySpan<byte> Seals => _seals.WrittenSpan;

    /// <summary>Begins an extent; the one before is complete with its padding.</summary>
    /// <returns>Where it begins.</returns>
    public long Begin(bool isRawVector)
    {
        PadTo(SegmentFormat.Align(Position, isRawVector));
        ClosePage();
        _extentStart = Position;
        return _extentStart;
    }

    /// <summary>Ends an extent, which is not empty.</summary>
    /// <returns>Its bytes.</returns>
    public long End()
    {
        Invariant.Check(Position > _extentStart);
        return Position - _extentStart;
    }

    /// <summary>Appends bytes to the extent.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int room = _pageStart + SegmentFormat.PageSizeBytes - _end;
            if (room == 0)
            {
                ClosePage();
                continue;
            }

            int count = Math.Min(room, data.Length);
            data[..count].CopyTo(Buffer[_end..]);
            _end += count;
            data = data[count..];
        }
    }

    /// <summary>
    /// Appends many elements to the extent; whole pages go into the file from where they are, and
    /// are sealed while those before them are written.
    /// </summary>
    public unsafe void WriteLarge<T>(ReadOnlyMemory<T> elements)
        where T : unmanaged
    {
        int pageElements = SegmentFormat.PageSizeBytes / sizeof(T);
        int directElements = DirectSizeBytes / sizeof(T);
        int whole = elements.Length / pageElements * pageElements;
        if (_end == _pageStart && whole >= FlushSizeBytes / sizeof(T)
            && TrySeal(MemoryMarshal.AsBytes(elements.Span[..pageElements])))
        {
            Drain();
            for (int start = 0; start < whole; start += directElements)
            {
                ReadOnlyMemory<T> piece =
                    elements[start..Math.Min(whole, start + directElements)];
                for (int i = start == 0 ? pageElements : 0; i < piece.Length; i += pageElements)
                {
                    bool isSealed = TrySeal(
                        MemoryMarshal.AsBytes(piece.Span.Slice(i, pageElements)));
                    Invariant.Check(isSealed);
                }

                WriteAhead(piece);
            }

            _ahead.Await();
            elements = elements[whole..];
        }

        Write(MemoryMarshal.AsBytes(elements.Span));
    }

    /// <summary>
    /// Completes the last extent, then writes the directory and the footer behind it.
    /// </summary>
    /// <returns>Where the directory begins.</returns>
    public long EndExtents()
    {
        long offset = Begin(isRawVector: false);
        Drain();
        return offset;
    }

    /// <summary>Writes what is sealed already behind the extents.</summary>
    public void WriteSealed(ReadOnlySpan<byte> data)
    {
        Invariant.Check(_end == 0);
        ToFile(data);
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _memory.Free();

    private bool TrySeal(ReadOnlySpan<byte> page)
    {
        Span<byte> seal = _seals.GetSpan(_guard.SealSizeBytes)[.._guard.SealSizeBytes];
        bool isSealed = _guard.TrySealUnchanged(PageCount, page, seal);
        if (isSealed)
        {
            _seals.Advance(seal.Length);
            PageCount++;
        }

        return isSealed;
    }

    // The elements stay as they are until the write has ended.
    private unsafe void WriteAhead<T>(ReadOnlyMemory<T> elements)
        where T : unmanaged
    {
        long offset = _written;
        _ahead.Start(() => _file.Write(offset, MemoryMarshal.AsBytes(elements.Span)));
        int count = elements.Length * sizeof(T);
        _written += count;
        _flush.Wrote(count);
    }

    private void ToFile(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        _file.Write(_written, data);
        _written += data.Length;
        _flush.Wrote(data.Length);
    }

    private void PadTo(long position)
    {
        int count = (int)(position - Position);
        Buffer.Slice(_end, count).Clear();
        _end += count;
    }

    private void ClosePage()
    {
        if (_end > _pageStart)
        {
            Span<byte> seal = _seals.GetSpan(_guard.SealSizeBytes)[.._guard.SealSizeBytes];
            _guard.Seal(PageCount, Buffer[_pageStart.._end], seal);
            _seals.Advance(seal.Length);
            PageCount++;
            _pageStart = _end;
        }

        if (_end >= FlushSizeBytes)
        {
            ToFile(Buffer[..FlushSizeBytes]);
            Buffer[FlushSizeBytes.._end].CopyTo(Buffer);
            _end -= FlushSizeBytes;
            _pageStart = _end;
        }
    }

    private void Drain()
    {
        ToFile(Buffer[.._end]);
        _end = 0;
        _pageStart = 0;
    }
}
