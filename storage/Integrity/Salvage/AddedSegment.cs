namespace NeuroDb.Storage;

/// <summary>A segment that a commit of the log brought.</summary>
/// <param name="SegmentId">Its number.</param>
/// <param name="FirstRowId">The number of its first row; the others follow without gaps.</param>
/// <param name="Info">What the log knows about the file.</param>
/// <param name="DeadRows">The ordinals of its rows that were dead from the beginning.</param>
internal sealed record AddedSegment(
    long SegmentId, long FirstRowId, SegmentInfo Info, int[] DeadRows);
