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
    protected override BatchCursor Start(ExecutionContext context) => @operator == SetOperator.Union
        ? new UnionAllCursor(Left, Right, context)
        : new MatchCursor(Left, Right, @operator == SetOperator.Intersect, isAll, context);
}
