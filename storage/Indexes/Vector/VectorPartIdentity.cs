namespace NeuroDb.Storage;

/// <summary>Which index of which segment a file is.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="SegmentCrc">The checksum of the segment's footer.</param>
/// <param name="IndexId">The number of the index, never used again in the database.</param>
internal readonly record struct VectorPartIdentity(
    SegmentIdentity Segment, uint SegmentCrc, int IndexId);
