namespace NeuroDb.Query;

/// <summary>The base of all expressions. Parentheses leave no node.</summary>
internal abstract record ExpressionSyntax : SyntaxNode;
