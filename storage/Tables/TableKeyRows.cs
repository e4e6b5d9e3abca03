namespace NeuroDb.Storage;

/// <summary>All versions of a table as the source of one key index.</summary>
internal sealed class TableKeyRows(VersionedTable table, int[] key) : IKeyRows
{
    /// <inheritdoc/>
    public long VersionCount => table.SlotCount;

    /// <inheritdoc/>
    public bool TryHash(long version, out ulong hash, out long rowId)
    {
        RowChunk chunk = table.ChunkOf(version);
        int row = VersionedTable.RowOf(version);
        rowId = chunk.RowIds[row];
        return KeyColumns.TryHash(chunk.Columns, key, row, out hash);
    }
}
