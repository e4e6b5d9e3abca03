namespace NeuroDb.Query;

/// <summary>[NOT] IN with a list.</summary>
/// <param name="Operand">The operand.</param>
/// <param name="Items">The items; empty for IN ().</param>
/// <param name="IsNegated">Whether NOT is given.</param>
internal sealed record InListExpressionSyntax(
    ExpressionSyntax Operand,
    IReadOnlyList<ExpressionSyntax> Items,
    bool IsNegated) : ExpressionSyntax;
