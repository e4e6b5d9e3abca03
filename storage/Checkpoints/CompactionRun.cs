namespace NeuroDb.Storage;

/// <summary>Adjacent parts of a table whose live rows are written into new segments.</summary>
/// <param name="Start">The first part.</param>
/// <param name="Count">How many parts.</param>
internal readonly record struct CompactionRun(int Start, int Count);
