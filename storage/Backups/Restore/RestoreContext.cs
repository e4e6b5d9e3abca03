namespace NeuroDb.Storage;

/// <summary>What the opening of a directory needs that is being restored.</summary>
/// <param name="SegmentIdFloor">
/// New segments get greater numbers, since the log that is still to come names smaller ones.
/// </param>
/// <param name="Fetch">
/// Brings the segment or large value of a number that the log names, unless it is there.
/// </param>
internal sealed record RestoreContext(long SegmentIdFloor, Action<long> Fetch);
