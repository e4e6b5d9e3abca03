namespace NeuroDb.Storage;

/// <summary>
/// The rows of one chunk as a snapshot sees them. Columns are views of the table's own memory, of
/// <see cref="Count"/> rows each, whether visible or not; the mask says which rows count.
/// </summary>
internal sealed class TableSlice
{
    private readonly ColumnStore[] _columns;
    private readonly ulong[] _mask;
    private readonly RowChunk? _chunk;
    private readonly long _firstSlot;
    private long[]? _rowIds;

    /// <summary>
    /// Makes the slice of a chunk of the table, or of pending rows if it is null.
    /// </summary>
    public TableSlice(
        ColumnStore[] columns, int count, ulong[] mask, RowChunk? chunk, long firstSlot)
    {
        Invariant.Check(mask.Length == 0 || mask.Length == (count + 63) / 64);
        _columns = columns;
        Count = count;
        _mask = mask;
        _chunk = chunk;
        _firstSlot = firstSlot;
    }

    /// <summary>The rows, at most <see cref="Limits.ChunkRowCount"/>.</summary>
    public int Count { get; }

    /// <summary>
    /// One bit for each row, set if it is visible; bits beyond the count are 0. Empty if all rows
    /// are visible.
    /// </summary>
    public ReadOnlySpan<ulong> VisibleMask => _mask;

    /// <summary>The row number of each row; below zero for the transaction's own rows.</summary>
    public ReadOnlySpan<long> RowIds => _chunk is not null
        ? _chunk.RowIds[..Count]
        : _rowIds ??= PendingIds();

    /// <summary>How many rows are visible.</summary>
    public int VisibleCount
    {
        get
        {
            if (_mask.Length == 0)
            {
                return Count;
            }

            int visible = 0;
            foreach (ulong word in _mask)
            {
                visible += System.Numerics.BitOperations.PopCount(word);
            }

            return visible;
        }
    }

    /// <summary>Whether a row is visible.</summary>
    public bool IsVisible(int row) =>
        _mask.Length == 0 || (_mask[row >> 6] & (1UL << row)) != 0;

    /// <summary>A column. For vectors it makes a list of the rows: O(count).</summary>
    public ColumnBuffer Column(int ordinal) => _columns[ordinal].View(Count);

    /// <summary>The address of a row.</summary>
    public RowAddress AddressOf(int row)
    {
        Invariant.Check((uint)row < (uint)Count);
        return new RowAddress(_chunk is not null ? _firstSlot + row : ~(_firstSlot + row));
    }

    /// <summary>
    /// The rows of a VECTOR(n) column as they lie in memory, shape (Count, stride): each row starts
    /// on a 64-byte boundary, padding and NULL rows are 0. False for a column of another type or
    /// without a fixed dimension.
    /// </summary>
    public bool TryGetVectorRows(int ordinal, out ReadOnlyMemory<float> rows, out int stride)
    {
        if (_columns[ordinal] is VectorColumnStore store)
        {
            rows = store.RowsOf(Count);
            stride = store.Stride;
            return true;
        }

        rows = default;
        stride = 0;
        return false;
    }

    /// <summary>Which rows of a column are NULL, without making a view of it.</summary>
    public NullMask NullsOf(int ordinal) => _columns[ordinal].Nulls;

    private long[] PendingIds()
    {
        var ids = new long[Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = ~(_firstSlot + i);
        }

        return ids;
    }
}
