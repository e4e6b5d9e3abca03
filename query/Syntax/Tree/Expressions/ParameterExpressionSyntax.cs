namespace NeuroDb.Query;

/// <summary>
/// A parameter. A plain ? and a new name take the next number after the highest so far, as in
/// SQLite.
/// </summary>
/// <param name="Number">The number, from 1.</param>
/// <param name="Name">The name without its prefix; empty for ?, ?1 and $1.</param>
internal sealed record ParameterExpressionSyntax(int Number, string Name) : ExpressionSyntax;
