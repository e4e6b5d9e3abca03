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

    /// <inheritdoc/>
    public int Hash(long version, Span<ulong> hashes, Span<long> rowIds, out int found)
    {
        RowChunk chunk = table.ChunkOf(version);
        int row = VersionedTable.RowOf(version);
        int inChunk = (int)Math.Min(Limits.ChunkRowCount - row, VersionCount - version);
        int count = Math.Min(inChunk, hashes.Length);
        found = KeyColumns.Hash(chunk.Columns, key, row, count, hashes, rowIds);
        for (int i = 0; i < found; i++)
        {
            rowIds[i] = chunk.RowIds[(int)rowIds[i]];
        }

        return count;
    }
}
