namespace NeuroDb.Query;

/// <summary>EXISTS.</summary>
/// <param name="Query">The query.</param>
internal sealed record ExistsExpressionSyntax(QuerySyntax Query) : ExpressionSyntax;
