namespace NeuroDb.Query;

/// <summary>What RECOMMEND leaves out.</summary>
/// <param name="LeavesSeen">Whether what was seen is left out.</param>
/// <param name="Condition">What items have to be, or null.</param>
/// <param name="Limit">How many are wanted, or null.</param>
internal sealed record RecommendationSyntax(
    bool LeavesSeen, ExpressionSyntax? Condition, ExpressionSyntax? Limit) : SyntaxNode;
