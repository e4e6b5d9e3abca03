namespace NeuroDb.Query;

/// <summary>
/// UNION ALL, and EXCEPT and INTERSECT with or without ALL. UNION is a UNION ALL under a
/// <see cref="Distinct"/>.
/// </summary>
internal sealed class SetOperation(
    SetOperator @operator,
    bool isAll,
    PlanNode left,
    PlanNode right,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The left side.</summary>
    public PlanNode Left { get; } = left;

    /// <summary>The right side.</summary>
    public PlanNode Right { get; } = right;

    /// <summary>Whether equal rows count one by one.</summary>
    public bool IsAll => isAll;

    /// <summary>Whether rows pass that have a partner, rather than those that have none.</summary>
    public bool IsIntersect => @operator == SetOperator.Intersect;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Left, Right];

    /// <inheritdoc/>
    public override string Describe() => @operator switch
    {
        SetOperator.Union => "union all",
        SetOperator.Except => isAll ? "except all" : "except",
        _ => isAll ? "intersect all" : "intersect",
    };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) => @operator switch
    {
        SetOperator.Union => new UnionAllCursor(Left, Right, context),
        _ when isAll => new MatchCursor(this, context),
        _ => new DistinctCursor(this, new MatchCursor(this, context), context),
    };
}
