namespace NeuroDb.Query;

/// <summary>[NOT] LIKE, ILIKE or GLOB.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Operand">The operand.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Escape">The escape, or null.</param>
/// <param name="IsNegated">Whether NOT is given.</param>
internal sealed record LikeExpressionSyntax(
    LikeKind Kind,
    ExpressionSyntax Operand,
    ExpressionSyntax Pattern,
    ExpressionSyntax? Escape,
    bool IsNegated) : ExpressionSyntax;
