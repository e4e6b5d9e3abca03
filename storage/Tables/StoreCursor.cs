namespace NeuroDb.Storage;

/// <summary>
/// Finds the stores of one column for rows of a snapshot, one after the other; a store that had to
/// be read is kept for the rows that follow in it. A structure: a copy goes on by itself.
/// </summary>
internal struct StoreCursor(TableSnapshot snapshot, int column)
{
    private RowPart? _part;
    private ColumnStore? _store;
    private bool _isInitial;
    private int _chunk = -1;

    /// <summary>Whether the last store is memory of the table, which stays as it is.</summary>
    public readonly bool IsResident => _isInitial || _part is not SealedRows;

    /// <summary>Opens the large values of the table; null where there are none.</summary>
    public readonly ILargeValues? LargeSource => snapshot.LargeValues;

    /// <summary>The store of a row, which lies in it where the place says.</summary>
    public ColumnStore At(in RowPlace place)
    {
        if (place.Chunk != _chunk || !ReferenceEquals(place.Part, _part))
        {
            _part = place.Part;
            _chunk = place.Chunk;
            _isInitial = _part is not null && column >= _part.ColumnCountOf(place.Chunk);
            _store = _part is null
                ? snapshot.PendingStoreOf(place.Chunk, column)
                : _isInitial
                ? snapshot.Table.InitialStore(column, Limits.ChunkRowCount)
                : _part.StoreOf(place.Chunk, column);
        }

        return _store!;
    }
}
