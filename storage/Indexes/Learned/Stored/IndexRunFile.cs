using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// An open file of a run: a few entries of it are read where they lie, or all of them at once. No
/// byte is used before its page is verified. Safe for many threads.
/// </summary>
internal sealed class IndexRunFile : IDisposable
{
    /// <summary>More entries than this are worth reading the whole run.</summary>
    public const int SliceCountMax = IndexRunFormat.FenceStride;

    // Arrays of this size stay where they are, in pages that cost few translations.
    private const int LargeSizeBytesMin = 4 * 1024 * 1024;
    private readonly IFile _file;
    private readonly PageGuard _guard;
    private readonly byte[] _seals;
    private readonly long _bodyLength;
    private byte[] _record = [];
    private ulong[] _fences = [];
    private IndexRunLayout _layout;

    private IndexRunFile(IFile file, PageGuard guard, byte[] seals, long bodyLength)
    {
        _file = file;
        _guard = guard;
        _seals = seals;
        _bodyLength = bodyLength;
    }

    /// <summary>Opens a file; takes file and guard over.</summary>
    /// <returns>Null if it was never completed, or is the run of another definition.</returns>
    /// <exception cref="CorruptionException">It is not as it was written.</exception>
    public static IndexRunFile? TryOpen(
        IFile file, PageGuard guard, in IndexRunIdentity identity)
    {
        IndexRunFile? opened = null;
        bool isThere = false;
        try
        {
            opened = TryOpen(file, guard);
            isThere = opened is not null && opened.TryReadRecord(identity);
            return isThere ? opened : null;
        }
        finally
        {
            if (!isThere)
            {
                guard.Dispose();
                file.Dispose();
            }
        }
    }

    /// <summary>
    /// The entries whose first codes lie between two codes, both included, as a run of their own;
    /// null if they are too many.
    /// </summary>
    public IndexRun? TrySlice(IndexKeys keys, ulong low, ulong high)
    {
        int start = PlaceOf(low);
        int end = high == ulong.MaxValue ? _layout.EntryCount : PlaceOf(high + 1);
        int count = Math.Max(0, end - start);
        if (count > SliceCountMax)
        {
            return null;
        }

        var codes = new FlatArray<ulong>[_layout.ColumnCount];
        for (int column = 0; column < codes.Length; column++)
        {
            codes[column] = new(Read<ulong>(
                _layout.Codes(column) + ((long)start * sizeof(ulong)), count));
        }

        int[] ordinals = Read<int>(_layout.Ordinals + ((long)start * sizeof(int)), count);
        CheckOrdinals(ordinals);
        return new IndexRun(keys, codes, new(ordinals), isLearned: false);
    }

    /// <summary>The model of the run.</summary>
    public LearnedModel ReadModel()
    {
        LearnedModel model = _layout.ModelOf(
            _record,
            Read<ulong>(_layout.ModelKeys, _layout.ModelCount),
            Read<LinePiece>(_layout.ModelLines, _layout.LineCount));
        return LearnedModelCheck.IsSound(model)
            ? model
            : throw new CorruptionException(
                _file.Path, IndexRunFormat.HeaderSizeBytes, "a model that no builder makes");
    }

    /// <summary>The whole run with its model.</summary>
    public IndexRun ReadAll(IndexKeys keys)
    {
        LearnedModel model = ReadModel();
        var run = new IndexRun(
            keys,
            FlatArray<ulong>.Columns(_layout.ColumnCount, _layout.EntryCount, isReleased: true),
            new FlatArray<int>(_layout.EntryCount, isReleased: true),
            model);
        bool isWhole = false;
        try
        {
            for (int column = 0; column < run.Codes.Length; column++)
            {
                Read(_layout.Codes(column), MemoryMarshal.AsBytes(run.Codes[column].Span));
            }

            Read(_layout.Ordinals, MemoryMarshal.AsBytes(run.Ordinals.Span));
            CheckOrdinals(run.Ordinals.Span);
            isWhole = true;
            return run;
        }
        finally
        {
            if (!isWhole)
            {
                run.Release();
            }
        }
    }

    /// <summary>
    /// Verifies every page of a file, whatever run it is; one that was never completed has none.
    /// Takes file and guard over.
    /// </summary>
    public static void Verify(IFile file, PageGuard guard, CancellationToken cancellation)
    {
        using PageGuard seals = guard;
        using IFile disk = file;
        IndexRunFile? run = TryOpen(file, guard);
        byte[] page = ArrayPool<byte>.Shared.Rent(SegmentFormat.PageSizeBytes);
        int count = run is null ? 0 : IndexRunFormat.PageCountOf(run._bodyLength);
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            run!.ReadPage(i, page.AsSpan(0, run.PageLengthOf(i)));
        }

        ArrayPool<byte>.Shared.Return(page);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _guard.Dispose();
        _file.Dispose();
    }

    // A file that ends before its seals, or whose header is empty, was never completed; one of
    // another version is made again too.
    private static IndexRunFile? TryOpen(IFile file, PageGuard guard)
    {
        var header = new byte[IndexRunFormat.HeaderSizeBytes];
        if (file.Read(0, header) < header.Length || !header.AsSpan().ContainsAnyExcept((byte)0)
            || IndexRunFormat.IsOfOtherVersion(header))
        {
            return null;
        }

        long body = IndexRunFormat.CheckHeader(
            header, guard.SealSizeBytes, file.Length, file.Path);
        if (!guard.TryResume(
            header.AsSpan(IndexRunFormat.SaltOffset, PageGuard.SaltSizeBytes)))
        {
            throw new CorruptionException(file.Path, 0, "this file has another kind of seals");
        }

        var seals = new byte[IndexRunFormat.PageCountOf(body) * guard.SealSizeBytes];
        long offset = IndexRunFormat.HeaderSizeBytes + body;
        return file.Read(offset, seals) == seals.Length
            ? new IndexRunFile(file, guard, seals, body)
            : throw new CorruptionException(file.Path, offset, "the file ends early");
    }

    private bool TryReadRecord(in IndexRunIdentity identity)
    {
        _record = Read<byte>(0, IndexRunFormat.RecordSizeBytes);
        if (!identity.IsIn(_record))
        {
            return false;
        }

        if (!IndexRunLayout.TryRead(_record, identity, _bodyLength, out _layout))
        {
            throw new CorruptionException(
                _file.Path, IndexRunFormat.HeaderSizeBytes, "counts that do not fit the file");
        }

        _fences = Read<ulong>(
            IndexRunLayout.Fences, IndexRunFormat.FenceCountOf(_layout.EntryCount));
        return true;
    }

    // Equal codes may begin before the fence that has them.
    private int PlaceOf(ulong code)
    {
        int block = Math.Max(0, LearnedSearch.LowerBoundScalar(_fences, code) - 1);
        int start = block * IndexRunFormat.FenceStride;
        int count = Math.Min(IndexRunFormat.FenceStride, _layout.EntryCount - start);
        ulong[] codes = Read<ulong>(_layout.Codes(0) + ((long)start * sizeof(ulong)), count);
        return start + LearnedSearch.LowerBoundScalar(codes, code);
    }

    private void CheckOrdinals(ReadOnlySpan<int> ordinals)
    {
        foreach (int ordinal in ordinals)
        {
            if ((uint)ordinal >= (uint)_layout.EntryCount)
            {
                throw new CorruptionException(
                    _file.Path, IndexRunFormat.HeaderSizeBytes, "a row that there is not");
            }
        }
    }

    private T[] Read<T>(long offset, int count)
        where T : unmanaged
    {
        bool isLarge = (long)count * Unsafe.SizeOf<T>() >= LargeSizeBytesMin;
        T[] items = GC.AllocateUninitializedArray<T>(count, pinned: isLarge);
        if (isLarge)
        {
            LargePages.Prefer<T>(items);
        }

        Read(offset, MemoryMarshal.AsBytes(items.AsSpan()));
        return items;
    }

    private void Read(long offset, Span<byte> target)
    {
        byte[]? rented = null;
        while (!target.IsEmpty)
        {
            int page = checked((int)(offset / SegmentFormat.PageSizeBytes));
            int start = (int)(offset % SegmentFormat.PageSizeBytes);
            int length = PageLengthOf(page);
            int count = Math.Min(target.Length, length - start);
            if (count == length)
            {
                ReadPage(page, target[..count]);
            }
            else
            {
                rented ??= ArrayPool<byte>.Shared.Rent(SegmentFormat.PageSizeBytes);
                ReadPage(page, rented.AsSpan(0, length));
                rented.AsSpan(start, count).CopyTo(target);
            }

            offset += count;
            target = target[count..];
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private int PageLengthOf(int page)
    {
        long start = (long)page * SegmentFormat.PageSizeBytes;
        Invariant.Check(start < _bodyLength);
        return (int)Math.Min(SegmentFormat.PageSizeBytes, _bodyLength - start);
    }

    private void ReadPage(int page, Span<byte> target)
    {
        long offset =
            IndexRunFormat.HeaderSizeBytes + ((long)page * SegmentFormat.PageSizeBytes);
        int read = _file.Read(offset, target);
        int sealSize = _guard.SealSizeBytes;
        if (read != target.Length
            || !_guard.TryOpen(page, target, _seals.AsSpan(page * sealSize, sealSize)))
        {
            throw new CorruptionException(
                _file.Path, offset, $"page {page} does not match its seal");
        }
    }
}
