namespace NeuroDb.Storage;

/// <summary>
/// A table as one transaction sees it at the moment of opening: what was committed at the
/// transaction's timestamp, and the transaction's own writes up to then; writes made afterwards do
/// not show, so a statement may change the table that it reads. Safe for several threads as long as
/// the transaction does not write or roll back meanwhile.
/// </summary>
internal sealed class TableSnapshot
{
    private readonly VersionedTable _rows;
    private readonly RowDelta _delta;
    private readonly PendingRows? _pending;
    private readonly long _timestamp;
    private readonly long _deltaCount;
    private readonly long _pendingCount;
    private readonly int _operation;
    private readonly int _tableSliceCount;

    /// <summary>Opens a table at a timestamp.</summary>
    /// <param name="table">The table.</param>
    /// <param name="timestamp">The snapshot of the transaction.</param>
    /// <param name="pending">The transaction's own rows, if it has any in this table.</param>
    /// <param name="operation">The last operation that shows.</param>
    public TableSnapshot(TableEntry table, long timestamp, PendingRows? pending, int operation)
    {
        Table = table;
        _rows = table.Rows;
        _timestamp = timestamp;
        _delta = _rows.Delta;
        _deltaCount = _delta.CountBegun(timestamp);
        _pending = pending;
        _pendingCount = pending?.Count ?? 0;
        _operation = operation;
        _tableSliceCount = ChunksOf(_deltaCount);
        SliceCount = _tableSliceCount + ChunksOf(_pendingCount);
        long own = pending is null
            ? 0
            : pending.Count - pending.KilledCount - pending.EndedCount;
        RowCountEstimate = Math.Max(0, Math.Min(_rows.LiveCount, _deltaCount) + own);
    }

    /// <summary>The table.</summary>
    public TableEntry Table { get; }

    /// <summary>How many rows there are, give or take the commits since the snapshot.</summary>
    public long RowCountEstimate { get; }

    /// <summary>How many slices; some may have no visible row.</summary>
    public int SliceCount { get; }

    /// <summary>
    /// One slice: those of the table in the order of the row numbers, then the own rows.
    /// </summary>
    public TableSlice Slice(int i)
    {
        Invariant.Check((uint)i < (uint)SliceCount);
        return i < _tableSliceCount ? TableSliceOf(i) : PendingSliceOf(i - _tableSliceCount);
    }

    /// <summary>The row of a key, through the hash index; O(1).</summary>
    /// <param name="keyOrdinal">The index into the keys of the schema.</param>
    /// <param name="key">
    /// The values in the order of the key's columns, of their physical kinds; a NULL finds nothing.
    /// </param>
    /// <param name="row">The row, if there is one.</param>
    public bool TryFind(int keyOrdinal, ReadOnlySpan<Value> key, out RowAddress row)
    {
        row = default;
        if (!SoughtKey.TryOf(_rows, keyOrdinal, key, out SoughtKey sought))
        {
            return false;
        }

        if (_rows.TryFind(sought, _timestamp, out long rowId)
            && _pending?.IsEnded(rowId, _operation) != true)
        {
            row = new RowAddress(rowId);
            return true;
        }

        if (_pendingCount > 0
            && _pending!.Keys.TryFind(sought, _pendingCount, _operation, -1, out long position))
        {
            row = RowAddress.OfPending(position);
            return true;
        }

        return false;
    }

    /// <summary>The values of a column for some rows, in their order.</summary>
    public ColumnBuffer Fetch(int column, ReadOnlySpan<RowAddress> rows) =>
        _rows.Template[column].Gather(this, column, rows);

    /// <summary>The store that holds a column of a row, and the row in it.</summary>
    internal ColumnStore StoreOf(RowAddress address, int column, out int row)
    {
        if (address.IsPending)
        {
            row = PendingRows.RowOf(~address.RowId);
            return _pending!.ChunkOf(~address.RowId).Columns[column];
        }

        long ordinal = address.RowId - _delta.FirstRowId;
        row = RowDelta.RowOf(ordinal);
        return _delta.ChunkOf(ordinal).Columns[column];
    }

    private static int ChunksOf(long rows) =>
        (int)((rows + Limits.ChunkRowCount - 1) / Limits.ChunkRowCount);

    private static ulong[] FullMask(int count)
    {
        var mask = new ulong[(count + 63) / 64];
        mask.AsSpan().Fill(ulong.MaxValue);
        if (count % 64 != 0)
        {
            mask[^1] = (1UL << count) - 1;
        }

        return mask;
    }

    private TableSlice TableSliceOf(int i)
    {
        long first = (long)i * Limits.ChunkRowCount;
        int count = (int)Math.Min(Limits.ChunkRowCount, _deltaCount - first);
        RowChunk chunk = _delta.ChunkOf(first);
        ulong[] mask = chunk.FirstEnd > _timestamp
            ? []
            : VersionMask.Build(chunk.Ends[..count], _timestamp);
        first += _delta.FirstRowId;
        if (_pending is not null && _pending.HasEnded(first, count))
        {
            mask = mask.Length == 0 ? FullMask(count) : mask;
            _pending.ClearEnded(mask, first, count, _operation);
        }

        return new TableSlice(chunk.Columns, count, mask, first, isPending: false);
    }

    private TableSlice PendingSliceOf(int i)
    {
        long first = (long)i * Limits.ChunkRowCount;
        int count = (int)Math.Min(Limits.ChunkRowCount, _pendingCount - first);
        PendingChunk chunk = _pending!.ChunkOf(first);
        ulong[] mask = [];
        if (chunk.MayHaveKilled)
        {
            mask = FullMask(count);
            for (int row = 0; row < count; row++)
            {
                if (chunk.KilledAt(row) <= _operation)
                {
                    mask[row >> 6] &= ~(1UL << row);
                }
            }
        }

        return new TableSlice(chunk.Columns, count, mask, first, isPending: true);
    }
}
