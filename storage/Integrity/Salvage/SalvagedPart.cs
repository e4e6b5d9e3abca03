namespace NeuroDb.Storage;

/// <summary>A segment of a table to be salvaged.</summary>
/// <param name="File">The segment.</param>
/// <param name="BaseRowId">
/// What its row numbers are relative to; -1 if nobody knows, so that the log cannot say which of
/// its rows ended.
/// </param>
/// <param name="Dead">The rows of each chunk that are dead; null if none is, or not known.</param>
internal sealed record SalvagedPart(SegmentFile File, long BaseRowId, ulong[]?[]? Dead)
{
    /// <summary>The number after the last row of the segment.</summary>
    public long EndRowId => Math.Max(0, BaseRowId)
        + (File.ChunkCount == 0 ? 0 : File.LastRowNumber(File.ChunkCount - 1) + 1);
}
