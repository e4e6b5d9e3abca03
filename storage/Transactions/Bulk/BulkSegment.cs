namespace NeuroDb.Storage;

/// <summary>A complete and flushed segment of pending rows, which nobody else sees yet.</summary>
/// <param name="Rows">
/// The segment with the positions of the pending rows in the place of row numbers.
/// </param>
/// <param name="Chunks">The chunks of pending rows that are in it, in their order.</param>
internal sealed record BulkSegment(SealedRows Rows, IReadOnlyList<PendingChunk> Chunks)
{
    /// <summary>The number of the segment.</summary>
    public long SegmentId => Rows.File.Identity.SegmentId;

    /// <summary>What the file must be.</summary>
    public SegmentInfo Info => Rows.File.Info;

    /// <summary>The rows of the segment that the transaction took back again.</summary>
    public List<int> KilledRows()
    {
        var killed = new List<int>();
        for (int i = 0; i < Chunks.Count; i++)
        {
            PendingChunk chunk = Chunks[i];
            for (int row = 0; chunk.MayHaveKilled && row < chunk.Count; row++)
            {
                if (chunk.KilledAt(row) != int.MaxValue)
                {
                    killed.Add((i * Limits.ChunkRowCount) + row);
                }
            }
        }

        return killed;
    }
}
