namespace NeuroDb.Storage;

/// <summary>A segment file that was written and that no manifest names yet.</summary>
/// <param name="SegmentId">Its number.</param>
/// <param name="BaseRowId">The row number that the numbers in the file are relative to.</param>
/// <param name="EndRowId">The number after its last row.</param>
/// <param name="Info">What the manifest is to say about the file.</param>
/// <param name="LargeValues">The large values that its rows refer to.</param>
internal readonly record struct BuiltSegment(
    long SegmentId,
    long BaseRowId,
    long EndRowId,
    SegmentInfo Info,
    IReadOnlyCollection<LargeReference> LargeValues);
