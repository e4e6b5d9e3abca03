namespace NeuroDb.Query;

/// <summary>A row as a value: (a, b) or ROW(a, b).</summary>
/// <param name="Items">The values.</param>
internal sealed record RowExpressionSyntax(
    IReadOnlyList<ExpressionSyntax> Items) : ExpressionSyntax;
