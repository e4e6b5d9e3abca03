namespace NeuroDb.Query;

/// <summary>From a column of one input of a join to the row of another whose key it is.</summary>
/// <param name="From">The column that refers.</param>
/// <param name="To">The column referred to.</param>
/// <param name="KeyOrdinal">Which key of its table that is.</param>
internal sealed record KeyStep(JoinKey From, JoinKey To, int KeyOrdinal);
