namespace NeuroDb.Storage;

/// <summary>The rows of a part that a snapshot sees.</summary>
internal sealed class VisibleFilter(RowPart part, SnapshotView view, int firstChunk)
    : CandidateFilter
{
    /// <inheritdoc/>
    public override bool Passes(int ordinal)
    {
        long rowId = part.RowIdOf(
            firstChunk + (ordinal / Limits.ChunkRowCount), ordinal % Limits.ChunkRowCount);
        return part.IsVisible(rowId, view.Timestamp)
            && view.Pending?.IsEnded(rowId, view.Operation) != true;
    }
}
