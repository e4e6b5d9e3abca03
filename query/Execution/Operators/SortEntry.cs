namespace NeuroDb.Query;

/// <summary>
/// A row to sort, with the beginning of its first key as a number of the same order.
/// </summary>
/// <param name="Prefix">
/// Smaller for a row that comes first; equal ones are compared in full.
/// </param>
/// <param name="Row">The row.</param>
internal readonly record struct SortEntry(ulong Prefix, int Row);
