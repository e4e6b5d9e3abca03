namespace NeuroDb.Query;

/// <summary>
/// Joins each row of the left side with what the right side gives for it. The right side is run
/// once for each left row.
/// </summary>
internal sealed class Apply(
    PlanNode left,
    PlanNode right,
    Expression[] captures,
    Expression? condition,
    bool keepsLeft,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The left side.</summary>
    public PlanNode Left { get; } = left;

    /// <summary>The right side.</summary>
    public PlanNode Right { get; } = right;

    /// <summary>The values for the outer slots of the right side, over the left side.</summary>
    public Expression[] Captures { get; } = captures;

    /// <summary>The condition over the columns of both sides; null for none.</summary>
    public Expression? Condition { get; } = condition;

    /// <summary>Whether a left row without partner is given with NULLs.</summary>
    public bool KeepsLeft { get; } = keepsLeft;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Left, Right];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        Condition is null ? Captures : [.. Captures, Condition];

    /// <inheritdoc/>
    public override string Describe()
    {
        string kind = KeepsLeft ? "lateral left join" : "lateral join";
        return Condition is null ? kind : $"{kind}: {Condition}";
    }

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new ApplyCursor(this, context);
}
