namespace NeuroDb.Storage;

/// <summary>
/// The shape of a new log. Page and segment size are written into the log's header when it is
/// created; an existing log keeps the sizes that it was created with.
/// </summary>
/// <param name="PageSizeBytes">
/// The unit of memory and the largest frame; a power of two, at least 8 KiB.
/// </param>
/// <param name="SegmentSizeBytes">The size of one file; a power of two, at least a page.</param>
/// <param name="GrowthStepBytes">
/// How much of a file is written and flushed at a time, ahead of the log.
/// </param>
/// <param name="UnorderedSizeBytesMin">
/// From which size on a group is written in no order and flushed at its end.
/// </param>
internal sealed record RecordLogOptions(
    int PageSizeBytes = 1 << 20,
    int SegmentSizeBytes = 64 << 20,
    int GrowthStepBytes = 1 << 20,
    int UnorderedSizeBytesMin = 512 << 10)
{
    /// <summary>The sizes of a database of normal use.</summary>
    public static RecordLogOptions Default { get; } = new();

    /// <summary>Checks the sizes; wrong ones are a defect of the caller.</summary>
    public void Validate()
    {
        Invariant.Check(int.IsPow2(PageSizeBytes) && PageSizeBytes >= 2 * LogFormat.BlockSizeBytes);
        Invariant.Check(int.IsPow2(SegmentSizeBytes) && SegmentSizeBytes >= PageSizeBytes);
        Invariant.Check(GrowthStepBytes > 0);
        Invariant.Check(UnorderedSizeBytesMin >= LogFormat.BlockSizeBytes);
        Invariant.Check(GrowthStepBytes % LogFormat.BlockSizeBytes == 0);
    }
}
