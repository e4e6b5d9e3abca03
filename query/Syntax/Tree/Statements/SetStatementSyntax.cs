namespace NeuroDb.Query;

/// <summary>SET name = value.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Value">
/// The value; a bare word is a column reference, DEFAULT a DefaultExpressionSyntax.
/// </param>
internal sealed record SetStatementSyntax(
    NameSyntax Name,
    ExpressionSyntax Value) : StatementSyntax;
