namespace NeuroDb.Storage;

/// <summary>
/// What transactions need to write large changes into segments before they commit.
/// </summary>
/// <param name="Store">The segments of the database.</param>
/// <param name="Workers">Write while the transaction goes on.</param>
/// <param name="StartSizeBytes">From how many bytes of new rows in a table on.</param>
/// <param name="SegmentSizeBytes">With how many bytes of values a segment ends.</param>
internal sealed record BulkContext(
    SegmentStore Store, IWorkers Workers, long StartSizeBytes, long SegmentSizeBytes)
{
    /// <summary>
    /// The bytes of rows that are handed over and not in a complete segment at which the
    /// transaction waits: one segment in the making, and what comes while it is flushed.
    /// </summary>
    public long HeldSizeBytesMax => SegmentSizeBytes + StartSizeBytes;
}
