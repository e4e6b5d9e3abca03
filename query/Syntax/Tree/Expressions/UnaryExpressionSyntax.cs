namespace NeuroDb.Query;

/// <summary>An operator before its operand.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Operand">The operand.</param>
internal sealed record UnaryExpressionSyntax(
    UnaryOperator Operator,
    ExpressionSyntax Operand) : ExpressionSyntax;
