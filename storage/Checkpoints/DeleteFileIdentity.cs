namespace NeuroDb.Storage;

/// <summary>What a delete-file belongs to.</summary>
/// <param name="DatabaseId">The database.</param>
/// <param name="SegmentId">The segment whose rows it names.</param>
/// <param name="Number">The number of the delete-file; a later one replaces it.</param>
/// <param name="RowCount">The rows of the segment.</param>
internal sealed record DeleteFileIdentity(
    Guid DatabaseId, long SegmentId, long Number, long RowCount)
{
    /// <summary>The chunks of the segment.</summary>
    public long ChunkCount => (RowCount + Limits.ChunkRowCount - 1) / Limits.ChunkRowCount;
}
