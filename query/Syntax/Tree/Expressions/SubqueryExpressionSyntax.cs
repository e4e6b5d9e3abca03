namespace NeuroDb.Query;

/// <summary>A query in parentheses as a value.</summary>
/// <param name="Query">The query.</param>
internal sealed record SubqueryExpressionSyntax(QuerySyntax Query) : ExpressionSyntax;
