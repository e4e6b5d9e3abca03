namespace NeuroDb.Query;

/// <summary>One WHEN .. THEN of CASE.</summary>
/// <param name="Condition">The condition, or the compared value.</param>
/// <param name="Result">The result.</param>
internal sealed record WhenClauseSyntax(
    ExpressionSyntax Condition,
    ExpressionSyntax Result) : SyntaxNode;
