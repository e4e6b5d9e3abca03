namespace NeuroDb.Storage;

/// <summary>
/// Finds the stores of one column for rows of a snapshot, one after the other; a store that had to
/// be read is kept for the rows that follow in it. A structure: a copy goes on by itself.
/// </summary>
internal struct StoreCursor(TableSnapshot snapshot, int column)
{
    private RowPart? _part;
    private ColumnStore? _store;
    private int _chunk;

    /// <summary>Whether the last store is memory of the table, which stays as it is.</summary>
    public readonly bool IsResident => _part is not SealedRows;

    /// <summary>The store of a row, and the row in it.</summary>
    public ColumnStore At(RowAddress address, out int row)
    {
        if (address.IsPending)
        {
            _part = null;
            return snapshot.PendingStoreOf(~address.RowId, column, out row);
        }

        RowPart part = snapshot.PartOf(address);
        part.Locate(address.RowId, out int chunk, out row);
        if (!ReferenceEquals(part, _part) || chunk != _chunk)
        {
            _store = part.StoreOf(chunk, column);
            _part = part;
            _chunk = chunk;
        }

        return _store!;
    }
}
