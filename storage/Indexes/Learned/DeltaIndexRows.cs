namespace NeuroDb.Storage;

/// <summary>The rows of a delta, for its indexes.</summary>
internal sealed class DeltaIndexRows(RowDelta delta) : IIndexRows
{
    /// <inheritdoc/>
    public ColumnStore Column(int chunk, int column) => delta.StoreOf(chunk, column);
}
