namespace NeuroDb.Query;

/// <summary>
/// A call of a function or an aggregate. CURRENT_DATE and CURRENT_TIMESTAMP are calls without
/// arguments.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="IsStar">Whether the argument is *, as in count(*).</param>
/// <param name="IsDistinct">Whether DISTINCT is given.</param>
/// <param name="Filter">The condition of FILTER, or null.</param>
internal sealed record FunctionCallSyntax(
    NameSyntax Name,
    IReadOnlyList<FunctionArgumentSyntax> Arguments,
    bool IsStar,
    bool IsDistinct,
    ExpressionSyntax? Filter) : ExpressionSyntax
{
    /// <summary>The order of the rows of an aggregate; empty without one.</summary>
    public IReadOnlyList<OrderItemSyntax> OrderBy { get; init; } = [];

    /// <summary>Whether the order stands in WITHIN GROUP.</summary>
    public bool IsWithinGroup { get; init; }

    /// <summary>Whether IGNORE NULLS is given.</summary>
    public bool IgnoresNulls { get; init; }

    /// <summary>The window of OVER, or null.</summary>
    public WindowSyntax? Over { get; init; }

    /// <summary>The inputs of a model, behind USING; empty without them.</summary>
    public IReadOnlyList<SelectItemSyntax> Inputs { get; init; } = [];

    /// <summary>What RECOMMEND leaves out, or null.</summary>
    public RecommendationSyntax? Recommendation { get; init; }

    /// <summary>The query that is the only argument, as in ANY (SELECT ..); else null.</summary>
    public QuerySyntax? Query { get; init; }
}
