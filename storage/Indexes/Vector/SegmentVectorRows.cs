namespace NeuroDb.Storage;

/// <summary>The vectors of a segment, read when asked for and kept within the budget.</summary>
internal sealed class SegmentVectorRows(SegmentFile file, int column, int dimension)
    : VectorRows(checked((int)file.RowCount), dimension)
{
    /// <inheritdoc/>
    public override ReadOnlySpan<float> Row(int ordinal) =>
        StoreOf(ordinal).RowAt(ordinal % Limits.ChunkRowCount);

    /// <inheritdoc/>
    public override bool IsNull(int ordinal) =>
        StoreOf(ordinal).IsNull(ordinal % Limits.ChunkRowCount);

    private FloatVectorStore StoreOf(int ordinal) =>
        (FloatVectorStore)file.Column(ordinal / Limits.ChunkRowCount, column);
}
