namespace NeuroDb.Query;

/// <summary>[NOT] IN with a query.</summary>
/// <param name="Operand">The operand.</param>
/// <param name="Query">The query.</param>
/// <param name="IsNegated">Whether NOT is given.</param>
internal sealed record InQueryExpressionSyntax(
    ExpressionSyntax Operand,
    QuerySyntax Query,
    bool IsNegated) : ExpressionSyntax;
