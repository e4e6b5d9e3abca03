namespace NeuroDb.Query;

/// <summary>IS [NOT] NULL, TRUE, FALSE or UNKNOWN.</summary>
/// <param name="Operand">The operand.</param>
/// <param name="Test">What is tested.</param>
/// <param name="IsNegated">Whether NOT is given.</param>
internal sealed record IsExpressionSyntax(
    ExpressionSyntax Operand,
    TruthTest Test,
    bool IsNegated) : ExpressionSyntax;
