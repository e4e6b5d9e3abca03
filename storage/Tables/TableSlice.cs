namespace NeuroDb.Storage;

/// <summary>
/// The rows of one chunk as a snapshot sees them. Columns are views of <see cref="Count"/> rows
/// each, whether visible or not; the mask says which rows count. A column of a segment is read when
/// it is asked for, and then kept as long as the slice.
/// </summary>
internal sealed class TableSlice
{
    private readonly ColumnStore?[] _columns;
    private readonly ulong[] _mask;
    private readonly SealedRows? _sealed;
    private readonly int _chunk;
    private readonly long _first;
    private readonly bool _isPending;

    /// <summary>Makes a slice of rows in memory.</summary>
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

    /// <summary>Makes a slice of rows of a segment.</summary>
    /// <param name="rows">The segment.</param>
    /// <param name="chunk">Which of its chunks.</param>
    /// <param name="mask">The visible rows; empty if all are.</param>
    /// <param name="isPending">Whether the rows are those of the transaction itself.</param>
    public TableSlice(SealedRows rows, int chunk, ulong[] mask, bool isPending = false)
    {
        _isPending = isPending;
        Count = rows.File.RowCountOf(chunk);
        Invariant.Check(mask.Length == 0 || mask.Length == (Count + 63) / 64);
        _columns = new ColumnStore?[rows.ColumnCount];
        _mask = mask;
        _sealed = rows;
        _chunk = chunk;
        _first = rows.FirstRowId + rows.File.FirstRowNumber(chunk);
    }

    /// <summary>The table as the reader knows it, which may have further columns.</summary>
    public TableEntry? Table { get; set; }

    /// <summary>The rows, at most <see cref="Limits.ChunkRowCount"/>.</summary>
    public int Count { get; }

    /// <summary>
    /// One bit for each row, set if it is visible; bits beyond the count are 0. Empty if all rows
    /// are visible.
    /// </summary>
    public ReadOnlySpan<ulong> VisibleMask => _mask;

    /// <summary>How many rows are visible.</summary>
    public int VisibleCount => _mask.Length == 0 ? Count : VersionMask.Count(_mask);

    /// <summary>Whether the rows stay as they are and no further ones come.</summary>
    public bool IsSettled =>
        _sealed is not null || (!_isPending && Count == Limits.ChunkRowCount);

    /// <summary>
    /// A number for the vectors of a column that no others have, by which a device may keep them:
    /// it goes with the segment, however often its columns are read. 0 where they may change.
    /// </summary>
    public long VersionOf(int ordinal)
    {
        if (_sealed is not null)
        {
            return ordinal < _columns.Length ? _sealed.File.VersionOf(_chunk, ordinal) : 0;
        }

        return IsSettled && VectorsOf(ordinal) is FloatVectorStore store ? store.Version : 0;
    }

    /// <summary>Whether a row is visible.</summary>
    public bool IsVisible(int row) =>
        _mask.Length == 0 || (_mask[row >> 6] & (1UL << row)) != 0;

    /// <summary>A column. For vectors it makes a list of the rows: O(count).</summary>
    public ColumnBuffer Column(int ordinal) => StoreOf(ordinal).View(Count, LargeValues);

    /// <summary>Opens the large values of the table; null where there are none.</summary>
    public ILargeValues? LargeValues { get; set; }

    /// <summary>The address of a row.</summary>
    public RowAddress AddressOf(int row)
    {
        Invariant.Check((uint)row < (uint)Count);
        if (_isPending)
        {
            return RowAddress.OfPending(_first + row);
        }

        return new RowAddress(_first + (_sealed?.NumbersOf(_chunk)?[row] ?? (uint)row));
    }

    /// <summary>Whether a column is in memory, so that nothing is read to look at it.</summary>
    public bool IsResident(int ordinal)
    {
        if (ordinal >= _columns.Length)
        {
            return true;
        }

        if (_columns[ordinal] is null && _sealed!.File.TryColumn(_chunk, ordinal, out var store))
        {
            _columns[ordinal] = store;
        }

        return _columns[ordinal] is not null;
    }

    /// <summary>
    /// The rows of a VECTOR(n) column as they lie in memory, shape (Count, stride): each row starts
    /// on a 64-byte boundary, padding and NULL rows are 0. False for a column of another type or
    /// without a fixed dimension.
    /// </summary>
    public bool TryGetVectorRows(int ordinal, out ReadOnlyMemory<float> rows, out int stride)
    {
        if (StoreOf(ordinal) is FloatVectorStore store)
        {
            rows = store.RowsOf(Count);
            stride = store.Stride;
            return true;
        }

        rows = default;
        stride = 0;
        return false;
    }

    /// <summary>The vectors of a column as they lie in memory, if all have one size.</summary>
    public VectorColumnStore? VectorsOf(int ordinal) => StoreOf(ordinal) as VectorColumnStore;

    /// <summary>
    /// Reads a column of vectors of one size that is not in memory into a store that is used again
    /// and again.
    /// </summary>
    public void ReadVectors(int ordinal, VectorColumnStore target)
    {
        Invariant.Check(_sealed is not null);
        _sealed!.File.Read(_chunk, ordinal, target);
    }

    /// <summary>
    /// The bytes that columns read from segments may take in memory; without bound for rows that
    /// are in memory anyway.
    /// </summary>
    public long BudgetBytes => _sealed?.File.Buffers.BudgetBytes ?? long.MaxValue;

    /// <summary>Lets go of the columns that were read; they are read again if asked for.</summary>
    public void Release()
    {
        if (_sealed is not null)
        {
            Array.Clear(_columns);
        }
    }

    /// <summary>Which rows of a column are NULL, without making a view of it.</summary>
    public NullMask NullsOf(int ordinal) => StoreOf(ordinal).Nulls;

    private ColumnStore StoreOf(int ordinal)
    {
        if (ordinal >= _columns.Length)
        {
            Invariant.Check(Table is not null);
            return Table.InitialStore(ordinal, Count);
        }

        return _columns[ordinal] ??= _sealed!.StoreOf(_chunk, ordinal);
    }
}
