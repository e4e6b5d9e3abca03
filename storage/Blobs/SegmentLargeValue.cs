namespace NeuroDb.Storage;

/// <summary>A large value to which a row of a segment refers.</summary>
/// <param name="SegmentId">The segment.</param>
/// <param name="Reference">The value.</param>
internal readonly record struct SegmentLargeValue(long SegmentId, LargeReference Reference);
