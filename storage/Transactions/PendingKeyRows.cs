namespace NeuroDb.Storage;

/// <summary>The pending rows of a table as the source of one key index.</summary>
internal sealed class PendingKeyRows(PendingRows rows, int[] key) : IKeyRows
{
    /// <inheritdoc/>
    public long VersionCount => rows.Count;

    /// <inheritdoc/>
    public bool TryHash(long version, out ulong hash, out long rowId)
    {
        rowId = version;
        return KeyColumns.TryHash(
            rows.ChunkOf(version).Columns, key, PendingRows.RowOf(version), out hash);
    }

    /// <inheritdoc/>
    public int Hash(long version, Span<ulong> hashes, Span<long> rowIds, out int found)
    {
        PendingChunk chunk = rows.ChunkOf(version);
        int row = PendingRows.RowOf(version);
        int count = Math.Min(chunk.Count - row, hashes.Length);
        found = KeyColumns.Hash(chunk.Columns, key, row, count, hashes, rowIds);
        for (int i = 0; i < found; i++)
        {
            rowIds[i] += version - row;
        }

        return count;
    }
}
