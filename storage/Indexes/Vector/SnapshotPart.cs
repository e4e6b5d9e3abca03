namespace NeuroDb.Storage;

/// <summary>A part of a table as a snapshot sees it.</summary>
/// <param name="Rows">The part.</param>
/// <param name="FirstSlice">The slice of its first chunk.</param>
/// <param name="SliceCount">The slices that have begun.</param>
/// <param name="Begun">The rows that have begun.</param>
internal readonly record struct SnapshotPart(
    RowPart Rows, int FirstSlice, int SliceCount, long Begun);
