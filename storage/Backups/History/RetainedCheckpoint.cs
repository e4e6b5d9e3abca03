namespace NeuroDb.Storage;

/// <summary>A checkpoint from which a restore can begin.</summary>
/// <param name="Manifest">The manifest, whose files are kept.</param>
/// <param name="Timestamp">The last commit that it holds.</param>
/// <param name="Moment">When that was, in microseconds.</param>
/// <param name="Log">Where the log begins that follows it.</param>
/// <param name="SegmentIds">
/// The segments and large values that the log between the checkpoint before and this one names;
/// both have their numbers from one counter.
/// </param>
internal sealed record RetainedCheckpoint(
    ManifestReference Manifest,
    long Timestamp,
    long Moment,
    LogPosition Log,
    IReadOnlyList<long> SegmentIds);
