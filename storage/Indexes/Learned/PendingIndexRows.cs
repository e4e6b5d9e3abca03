namespace NeuroDb.Storage;

/// <summary>The pending rows of a transaction, for their indexes.</summary>
internal sealed class PendingIndexRows(PendingRows pending) : IIndexRows
{
    /// <inheritdoc/>
    public ColumnStore Column(int chunk, int column) => pending.Chunks[chunk].Column(column);
}
