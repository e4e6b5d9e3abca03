namespace NeuroDb.Query;

/// <summary>[NOT] BETWEEN.</summary>
/// <param name="Operand">The operand.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
/// <param name="IsNegated">Whether NOT is given.</param>
internal sealed record BetweenExpressionSyntax(
    ExpressionSyntax Operand,
    ExpressionSyntax Low,
    ExpressionSyntax High,
    bool IsNegated) : ExpressionSyntax;
