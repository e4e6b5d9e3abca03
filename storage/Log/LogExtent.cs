namespace NeuroDb.Storage;

/// <summary>Where an existing log is appended to, and how far its files reach.</summary>
/// <param name="AppendAddress">Where the next frame begins.</param>
/// <param name="WrittenAhead">Where the files end, in whole blocks; all zero from the tail.</param>
internal readonly record struct LogExtent(long AppendAddress, long WrittenAhead);
