namespace NeuroDb.Storage;

/// <summary>
/// The vectors of some full chunks of rows in memory: rows are only appended behind them, so they
/// stay as they are.
/// </summary>
internal sealed class DeltaVectorRows : VectorRows
{
    private readonly FloatVectorStore[] _stores;

    /// <summary>Takes a range of chunks.</summary>
    public DeltaVectorRows(
        RowDelta delta, int column, int firstChunk, int chunkCount, int dimension)
        : base(chunkCount * Limits.ChunkRowCount, dimension)
    {
        _stores = new FloatVectorStore[chunkCount];
        for (int i = 0; i < chunkCount; i++)
        {
            _stores[i] = (FloatVectorStore)delta.StoreOf(firstChunk + i, column);
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int ordinal) =>
        _stores[ordinal / Limits.ChunkRowCount].RowAt(ordinal % Limits.ChunkRowCount);

    /// <inheritdoc/>
    public override bool IsNull(int ordinal) =>
        _stores[ordinal / Limits.ChunkRowCount].IsNull(ordinal % Limits.ChunkRowCount);
}
