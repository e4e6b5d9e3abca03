namespace NeuroDb.Storage;

/// <summary>
/// Which segment a file is: stands in its header and footer and, through the seals, in every page,
/// so that a file or page of another place is found out.
/// </summary>
/// <param name="DatabaseId">The database.</param>
/// <param name="TableId">The number of the table.</param>
/// <param name="SegmentId">The number of the segment, never used again in the database.</param>
internal readonly record struct SegmentIdentity(Guid DatabaseId, int TableId, long SegmentId)
{
    /// <summary>The tag of the database.</summary>
    public uint DatabaseTag => LogIdentity.TagOf(DatabaseId);
}
