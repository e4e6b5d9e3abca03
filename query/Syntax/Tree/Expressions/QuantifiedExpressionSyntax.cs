namespace NeuroDb.Query;

/// <summary>A comparison with all rows of a query: ANY, SOME or ALL.</summary>
/// <param name="Operator">The comparison.</param>
/// <param name="Operand">The left side.</param>
/// <param name="IsAll">Whether it must hold for all rows; otherwise one is enough.</param>
/// <param name="Query">The query.</param>
internal sealed record QuantifiedExpressionSyntax(
    BinaryOperator Operator,
    ExpressionSyntax Operand,
    bool IsAll,
    QuerySyntax Query) : ExpressionSyntax;
