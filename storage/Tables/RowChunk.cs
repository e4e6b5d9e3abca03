namespace NeuroDb.Storage;

/// <summary>
/// Up to <see cref="Limits.ChunkRowCount"/> consecutive slots of a table: the columns, and for each
/// slot the row number, the timestamps between which the version lives, and the slot of the version
/// before it. Slots are only appended; of a written slot only the end ever changes, once.
/// One writer; arrays grow by copy and swap.
/// </summary>
internal sealed class RowChunk(ColumnStore[] columns)
{
    private const int CapacityFirst = 64;
    private long[] _rowIds = [];
    private long[] _begins = [];
    private long[] _ends = [];
    private long[] _previous = [];
    private long _firstEnd = long.MaxValue;

    /// <summary>The columns, by ordinal.</summary>
    public ColumnStore[] Columns { get; } = columns;

    /// <summary>The row number of each slot.</summary>
    public ReadOnlySpan<long> RowIds => Volatile.Read(ref _rowIds);

    /// <summary>The timestamp from which on each version is seen.</summary>
    public ReadOnlySpan<long> Begins => Volatile.Read(ref _begins);

    /// <summary>
    /// The timestamp from which on each version is gone; the greatest if it lives.
    /// </summary>
    public ReadOnlySpan<long> Ends => Volatile.Read(ref _ends);

    /// <summary>The slot of the version before, or -1.</summary>
    public ReadOnlySpan<long> Previous => Volatile.Read(ref _previous);

    /// <summary>The lowest end in the chunk: up to it, all versions that began are seen.</summary>
    public long FirstEnd => Volatile.Read(ref _firstEnd);

    /// <summary>Makes room for that many slots in all.</summary>
    public void Reserve(int count)
    {
        int capacity = _rowIds.Length;
        if (count <= capacity)
        {
            return;
        }

        Invariant.Check(count <= Limits.ChunkRowCount);
        capacity = (int)System.Numerics.BitOperations.RoundUpToPowerOf2(
            (uint)Math.Max(count, CapacityFirst));
        foreach (ColumnStore column in Columns)
        {
            column.Reserve(capacity);
        }

        Grow(ref _previous, capacity);
        Grow(ref _ends, capacity);
        Grow(ref _begins, capacity);
        Grow(ref _rowIds, capacity);
    }

    /// <summary>Writes the versioning of a new slot.</summary>
    public void Write(int row, long rowId, long begin, long previous)
    {
        _rowIds[row] = rowId;
        _begins[row] = begin;
        _ends[row] = long.MaxValue;
        _previous[row] = previous;
    }

    /// <summary>Writes the versioning of consecutive slots of new rows.</summary>
    public void WriteNew(int row, int count, long firstRowId, long begin)
    {
        Span<long> rowIds = _rowIds.AsSpan(row, count);
        for (int i = 0; i < count; i++)
        {
            rowIds[i] = firstRowId + i;
        }

        _begins.AsSpan(row, count).Fill(begin);
        _ends.AsSpan(row, count).Fill(long.MaxValue);
        _previous.AsSpan(row, count).Fill(-1);
    }

    /// <summary>Ends the version of a slot.</summary>
    public void End(int row, long timestamp)
    {
        Invariant.Check(_ends[row] == long.MaxValue);
        Volatile.Write(ref _ends[row], timestamp);
        if (timestamp < _firstEnd)
        {
            Volatile.Write(ref _firstEnd, timestamp);
        }
    }

    private static void Grow(ref long[] array, int capacity)
    {
        var grown = new long[capacity];
        array.CopyTo(grown, 0);
        Volatile.Write(ref array, grown);
    }
}
