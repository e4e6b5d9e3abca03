namespace NeuroDb.Storage;

/// <summary>
/// The vectors of some full chunks of rows in memory: rows are only appended behind them, so they
/// stay as they are.
/// </summary>
internal sealed class DeltaVectorRows : StoredVectorRows
{
    private readonly VectorColumnStore[] _stores;

    /// <summary>Takes a range of chunks.</summary>
    public DeltaVectorRows(
        RowDelta delta, int column, int firstChunk, int chunkCount, DataType type)
        : base(chunkCount * Limits.ChunkRowCount, type)
    {
        _stores = new VectorColumnStore[chunkCount];
        for (int i = 0; i < chunkCount; i++)
        {
            _stores[i] = (VectorColumnStore)delta.StoreOf(firstChunk + i, column);
        }
    }

    /// <inheritdoc/>
    protected override VectorColumnStore StoreOf(int ordinal) =>
        _stores[ordinal / Limits.ChunkRowCount];
}
