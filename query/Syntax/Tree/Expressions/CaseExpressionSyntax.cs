namespace NeuroDb.Query;

/// <summary>CASE, in both forms.</summary>
/// <param name="Operand">The compared operand, or null for CASE WHEN.</param>
/// <param name="Whens">The branches; at least one.</param>
/// <param name="Else">The value of ELSE, or null.</param>
internal sealed record CaseExpressionSyntax(
    ExpressionSyntax? Operand,
    IReadOnlyList<WhenClauseSyntax> Whens,
    ExpressionSyntax? Else) : ExpressionSyntax;
