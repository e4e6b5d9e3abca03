namespace NeuroDb.Query;

/// <summary>CAST(e AS type), e::type, and typed literals such as DATE '2024-01-31'.</summary>
/// <param name="Operand">The operand.</param>
/// <param name="Type">The type.</param>
internal sealed record CastExpressionSyntax(
    ExpressionSyntax Operand,
    TypeSyntax Type) : ExpressionSyntax
{
    /// <summary>Whether what cannot be converted is NULL: TRY_CAST.</summary>
    public bool IsTry { get; init; }
}
