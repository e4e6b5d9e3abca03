namespace NeuroDb.Query;

/// <summary>
/// Computes a function for all rows. An argument has a value for each row, or a single one for
/// all.
/// </summary>
internal delegate ColumnBuffer FunctionBody(ColumnBuffer[] arguments, FunctionRun run);
