namespace NeuroDb.Query;

/// <summary>SELECT.</summary>
/// <param name="IsDistinct">Whether DISTINCT is given.</param>
/// <param name="Items">The items; at least one.</param>
/// <param name="From">The comma-separated table references; empty without FROM.</param>
/// <param name="Where">The condition, or null.</param>
/// <param name="GroupBy">The keys; empty without GROUP BY.</param>
/// <param name="Having">The condition on groups, or null.</param>
internal sealed record SelectSyntax(
    bool IsDistinct,
    IReadOnlyList<SelectItemSyntax> Items,
    IReadOnlyList<TableReferenceSyntax> From,
    ExpressionSyntax? Where,
    IReadOnlyList<ExpressionSyntax> GroupBy,
    ExpressionSyntax? Having) : QueryBodySyntax;
