namespace NeuroDb.Storage;

/// <summary>
/// Where a row of a snapshot lies now: the part, the chunk and the row in it. Found once for a row,
/// it serves all of its columns; valid within the snapshot only.
/// </summary>
/// <param name="Part">The part; null for a pending row of the transaction itself.</param>
/// <param name="Chunk">The chunk of the part, or of the pending rows.</param>
/// <param name="Row">The row in the chunk.</param>
internal readonly record struct RowPlace(RowPart? Part, int Chunk, int Row)
{
    /// <summary>The place of a row that is counted from the first of its part.</summary>
    public static RowPlace Of(RowPart? part, long ordinal) => new(
        part, (int)(ordinal / Limits.ChunkRowCount), (int)(ordinal % Limits.ChunkRowCount));
}
