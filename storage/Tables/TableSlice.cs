namespace NeuroDb.Storage;

/// <summary>
/// The rows of one chunk as a snapshot sees them. Columns are views of the table's own memory, of
/// <see cref="Count"/> rows each, whether visible or not; the mask says which rows count.
/// </summary>
internal sealed class TableSlice
{
    private readonly ColumnStore[] _columns;
    private readonly ulong[] _mask;
    private readonly long _first;
    private readonly bool _isPending;

    /// <summary>Makes a slice.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="mask">The visible rows; empty if all are.</param>
    /// <param name="first">The number, or the position, of the first row.</param>
    /// <param name="isPending">Whether the rows are those of the transaction itself.</param>
    public TableSlice(
        ColumnStore[] columns, int count, ulong[] mask, long first, bool isPending)
    {
        Invariant.Check(mask.Length == 0 || mask.Length == (count + 63) / 64);
        _columns = columns;
        Count = count;
        _mask = mask;
        _first = first;
        _isPending = isPending;
    }

    /// <summary>The rows, at most <see cref="Limits.ChunkRowCount"/>.</summary>
    public int Count { get; }

    /// <summary>
    /// One bit for each row, set if it is visible; bits beyond the count are 0. Empty if all rows
    /// are visible.
    /// </summary>
    public ReadOnlySpan<ulong> VisibleMask => _mask;

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
        return new RowAddress(_isPending ? ~(_first + row) : _first + row);
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
}
