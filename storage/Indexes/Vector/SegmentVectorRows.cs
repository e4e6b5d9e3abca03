namespace NeuroDb.Storage;

/// <summary>The vectors of a segment, read when asked for and kept within the budget.</summary>
internal sealed class SegmentVectorRows(SegmentFile file, int column, DataType type)
    : StoredVectorRows(checked((int)file.RowCount), type)
{
    /// <inheritdoc/>
    protected override VectorColumnStore StoreOf(int ordinal) =>
        (VectorColumnStore)file.Column(ordinal / Limits.ChunkRowCount, column);
}
