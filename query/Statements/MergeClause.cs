namespace NeuroDb.Query;

/// <summary>One WHEN of MERGE, bound to the columns of the joined rows.</summary>
/// <param name="Match">The rows that it is for.</param>
/// <param name="Condition">A further condition, or null.</param>
/// <param name="Action">What is done with them.</param>
/// <param name="Values">
/// The values of the table's columns for INSERT and UPDATE, null for those that stay; empty for
/// others.
/// </param>
internal sealed record MergeClause(
    MergeMatch Match, Expression? Condition, MergeAction Action, Expression?[] Values);
