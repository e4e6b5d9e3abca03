namespace NeuroDb.Storage;

/// <summary>A version and the timestamp from which on it is gone.</summary>
/// <param name="RowId">The number of the version.</param>
/// <param name="Timestamp">The timestamp.</param>
internal readonly record struct RowEnd(long RowId, long Timestamp);
