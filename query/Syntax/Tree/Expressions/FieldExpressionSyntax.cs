namespace NeuroDb.Query;

/// <summary>(s).a: a field of a STRUCT.</summary>
/// <param name="Operand">The STRUCT.</param>
/// <param name="Field">The name of the field.</param>
internal sealed record FieldExpressionSyntax(ExpressionSyntax Operand, IdentifierSyntax Field)
    : ExpressionSyntax;
