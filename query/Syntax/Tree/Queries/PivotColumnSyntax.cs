namespace NeuroDb.Query;

/// <summary>A column of PIVOT whose values become columns.</summary>
/// <param name="Expression">The column.</param>
/// <param name="Values">Its values, perhaps named; null for all that the rows have.</param>
internal sealed record PivotColumnSyntax(
    ExpressionSyntax Expression,
    IReadOnlyList<(ExpressionSyntax Value, string Name)>? Values) : SyntaxNode;
