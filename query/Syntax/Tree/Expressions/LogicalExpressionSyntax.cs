namespace NeuroDb.Query;

/// <summary>
/// A chain of AND, or a chain of OR. One node for the whole chain, so that a long chain is not
/// deep.
/// </summary>
/// <param name="Operator">The operator.</param>
/// <param name="Operands">The operands; at least two.</param>
internal sealed record LogicalExpressionSyntax(
    LogicalOperator Operator,
    IReadOnlyList<ExpressionSyntax> Operands) : ExpressionSyntax;
