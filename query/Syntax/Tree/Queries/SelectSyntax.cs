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
    ExpressionSyntax? Having) : QueryBodySyntax
{
    /// <summary>The keys of DISTINCT ON; empty without it.</summary>
    public IReadOnlyList<ExpressionSyntax> DistinctOn { get; init; } = [];

    /// <summary>The table that SELECT .. INTO makes of the rows, or null.</summary>
    public NameSyntax? Into { get; init; }

    /// <summary>Whether that table is temporary.</summary>
    public bool IsIntoTemporary { get; init; }

    /// <summary>Whether GROUP BY ALL is given.</summary>
    public bool IsGroupByAll { get; init; }

    /// <summary>The windows of WINDOW, by name.</summary>
    public IReadOnlyList<(IdentifierSyntax Name, WindowSyntax Window)> Windows { get; init; } =
        [];

    /// <summary>The condition on window functions, or null.</summary>
    public ExpressionSyntax? Qualify { get; init; }
}
