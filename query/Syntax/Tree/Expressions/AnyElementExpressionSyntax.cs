namespace NeuroDb.Query;

/// <summary>A comparison with ANY or ALL elements of an array.</summary>
/// <param name="Operator">The comparison.</param>
/// <param name="Operand">What is compared.</param>
/// <param name="IsAll">Whether it must hold for all elements.</param>
/// <param name="Array">The array.</param>
internal sealed record AnyElementExpressionSyntax(
    BinaryOperator Operator, ExpressionSyntax Operand, bool IsAll, ExpressionSyntax Array)
    : ExpressionSyntax;
