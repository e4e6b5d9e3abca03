namespace NeuroDb.Storage;

/// <summary>Where an existing log is appended to, and how far its files reach.</summary>
/// <param name="LastGroupAddress">
/// Where the last group begins, which a process that was killed may have left in the system's
/// memory; the append address if the log was closed.
/// </param>
/// <param name="AppendAddress">Where the next frame begins.</param>
/// <param name="WrittenAhead">Where the files end, in whole blocks; all zero from the tail.</param>
internal readonly record struct LogExtent(
    long LastGroupAddress, long AppendAddress, long WrittenAhead);
