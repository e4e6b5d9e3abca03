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
}
