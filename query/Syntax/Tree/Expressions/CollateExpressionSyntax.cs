namespace NeuroDb.Query;

/// <summary>A text with the rules by which it compares.</summary>
/// <param name="Operand">The text.</param>
/// <param name="Collation">The name of the collation.</param>
internal sealed record CollateExpressionSyntax(
    ExpressionSyntax Operand, IdentifierSyntax Collation) : ExpressionSyntax;
