namespace NeuroDb.Storage;

/// <summary>The rows of a delta, for its indexes.</summary>
internal sealed class DeltaIndexRows(RowDelta delta, IndexKeys keys) : IIndexRows
{
    /// <inheritdoc/>
    public ColumnStore Column(int chunk, int column) =>
        keys.StoreOf(delta, chunk, column);
}
