using System.Numerics;

namespace NeuroDb.Storage;

/// <summary>
/// Up to <see cref="Limits.ChunkRowCount"/> consecutive row versions of a <see cref="RowDelta"/>:
/// the columns, the timestamps between which each version lives, and for each key the version that
/// had the same key before. What most chunks do not need has no memory: the begins of a chunk that
/// one commit wrote, the ends of a chunk whose rows all live, the links of keys that never came
/// back. Rows are only appended; of a written row only the end ever changes, once.
/// One writer; arrays grow by copy and swap.
/// </summary>
internal sealed class RowChunk(ColumnStore[] columns)
{
    private const int CapacityFirst = 64;

    // From this many rows on a chunk is made full at once: growing would copy it again and again.
    private const int FullFromRowCount = 1024;
    private int _capacity;
    private long _firstBegin;
    private long[]? _begins;

    // Made with the chunk, and used if several commits write it.
    private NativeArray<long>? _beginMemory;
    private bool _hasBeginMemory;
    private long[]? _ends;
    private uint[]?[]? _links;
    private long _firstEnd = long.MaxValue;

    /// <summary>The columns, by ordinal.</summary>
    public ColumnStore[] Columns { get; } = columns;

    /// <summary>The lowest end in the chunk: up to it, all versions that began are seen.</summary>
    public long FirstEnd => Volatile.Read(ref _firstEnd);

    /// <summary>The ends of the versions; empty if all of them live.</summary>
    public ReadOnlySpan<long> Ends => Volatile.Read(ref _ends);

    /// <summary>The timestamp from which on a version is seen.</summary>
    public long BeginAt(int row)
    {
        if (Volatile.Read(ref _hasBeginMemory))
        {
            return _beginMemory!.Span[row];
        }

        long[]? begins = Volatile.Read(ref _begins);
        return begins is null ? _firstBegin : begins[row];
    }

    /// <summary>
    /// The timestamp from which on a version is gone; the greatest if it lives.
    /// </summary>
    public long EndAt(int row)
    {
        long[]? ends = Volatile.Read(ref _ends);
        return ends is null ? long.MaxValue : Volatile.Read(ref ends[row]);
    }

    /// <summary>
    /// How many rows before a row the version lies that had the same key; 0 if there is none.
    /// </summary>
    public uint LinkAt(int key, int row)
    {
        uint[]?[]? all = Volatile.Read(ref _links);
        uint[]? links = all is null ? null : Volatile.Read(ref all[key]);
        return links is null ? 0 : links[row];
    }

    /// <summary>Makes room for that many rows in all.</summary>
    public void Reserve(int count)
    {
        if (count <= _capacity)
        {
            return;
        }

        Invariant.Check(count <= Limits.ChunkRowCount);
        _capacity = count >= FullFromRowCount
            ? Limits.ChunkRowCount
            : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, CapacityFirst));
        foreach (ColumnStore column in Columns)
        {
            column.Reserve(_capacity);
        }

        Grow(ref _ends, long.MaxValue);
        Grow(ref _begins, 0);
        for (int i = 0; i < _links?.Length; i++)
        {
            Grow(ref _links[i], 0U);
        }
    }

    /// <summary>
    /// The bytes of texts and blobs by column; empty if there are none outside of the heap.
    /// </summary>
    public long[] ElementSizes() =>
        Array.Exists(Columns, static column => column.ElementSizeBytes > 0)
            ? Array.ConvertAll(Columns, static column => column.ElementSizeBytes)
            : [];

    /// <summary>
    /// Makes room for a whole chunk, also for what rows of several commits need, before its first
    /// row. It stays for long, and brings no collection about.
    /// </summary>
    /// <param name="isTouched">
    /// Whether the system is to find the memory now, so that commits do not wait for it.
    /// </param>
    /// <param name="elementSizes">What <see cref="ElementSizes"/> said of a full chunk.</param>
    public void ReserveWhole(bool isTouched, ReadOnlySpan<long> elementSizes)
    {
        Invariant.Check(_capacity == 0);
        _capacity = Limits.ChunkRowCount;
        for (int i = 0; i < Columns.Length; i++)
        {
            Columns[i].ReserveToStay(
                _capacity, isTouched, i < elementSizes.Length ? elementSizes[i] : 0);
        }

        _beginMemory = new NativeArray<long>(_capacity, NativeRegion.InSmallPages);
        if (isTouched)
        {
            _beginMemory.Touch();
        }
    }

    /// <summary>
    /// Gives memory outside of the collector's heap back: nobody reads the rows any more.
    /// </summary>
    public void Release()
    {
        _beginMemory?.Release();
        foreach (ColumnStore column in Columns)
        {
            column.Release();
        }
    }

    /// <summary>Writes the begin of new rows, which have room.</summary>
    public void Begin(int row, int count, long timestamp)
    {
        Invariant.Check(row + count <= _capacity);
        if (row == 0)
        {
            _firstBegin = timestamp;
        }
        else if (!_hasBeginMemory && _begins is null && timestamp != _firstBegin)
        {
            long[]? begins = _beginMemory is null ? new long[_capacity] : null;
            (begins ?? _beginMemory!.Span)[..row].Fill(_firstBegin);
            Volatile.Write(ref _begins, begins);
            Volatile.Write(ref _hasBeginMemory, begins is null);
        }

        if (_hasBeginMemory)
        {
            _beginMemory!.Span.Slice(row, count).Fill(timestamp);
        }
        else
        {
            _begins?.AsSpan(row, count).Fill(timestamp);
        }
    }

    /// <summary>Ends the version of a row.</summary>
    public void End(int row, long timestamp)
    {
        if (_ends is null)
        {
            var ends = new long[_capacity];
            ends.AsSpan().Fill(long.MaxValue);
            Volatile.Write(ref _ends, ends);
        }

        Invariant.Check(_ends[row] == long.MaxValue);
        Volatile.Write(ref _ends[row], timestamp);
        if (timestamp < _firstEnd)
        {
            Volatile.Write(ref _firstEnd, timestamp);
        }
    }

    /// <summary>Writes how far back the version lies that had the same key.</summary>
    /// <param name="key">The ordinal of the key.</param>
    /// <param name="keyCount">How many keys the table has.</param>
    /// <param name="row">The row.</param>
    /// <param name="distance">The rows between.</param>
    public void Link(int key, int keyCount, int row, uint distance)
    {
        Invariant.Check(distance > 0);
        if (_links is null)
        {
            Volatile.Write(ref _links, new uint[]?[keyCount]);
        }

        if (_links[key] is null)
        {
            Volatile.Write(ref _links[key], new uint[_capacity]);
        }

        _links[key]![row] = distance;
    }

    private void Grow<T>(ref T[]? array, T fill)
        where T : unmanaged
    {
        if (array is not null)
        {
            T[] grown = GC.AllocateUninitializedArray<T>(_capacity);
            array.CopyTo(grown, 0);
            grown.AsSpan(array.Length).Fill(fill);
            Volatile.Write(ref array, grown);
        }
    }
}
