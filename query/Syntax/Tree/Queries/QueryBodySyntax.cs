namespace NeuroDb.Query;

/// <summary>The base of what a query computes before ORDER BY and LIMIT.</summary>
internal abstract record QueryBodySyntax : SyntaxNode;
