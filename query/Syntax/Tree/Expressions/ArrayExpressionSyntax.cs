namespace NeuroDb.Query;

/// <summary>ARRAY[a, b]: an array of its elements.</summary>
/// <param name="Elements">The elements.</param>
internal sealed record ArrayExpressionSyntax(IReadOnlyList<ExpressionSyntax> Elements)
    : ExpressionSyntax;
