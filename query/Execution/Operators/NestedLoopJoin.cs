namespace NeuroDb.Query;

/// <summary>Joins by looking at every pair of rows. O(left * right).</summary>
internal sealed class NestedLoopJoin(JoinShape shape, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The sides and the condition.</summary>
    public JoinShape Shape { get; } = shape;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Shape.Left, Shape.Right];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        Shape.Residual is null ? [] : [Shape.Residual.Expression];

    /// <inheritdoc/>
    public override string Describe() => Shape.Residual is null
        ? $"nested loop {Shape.Word}"
        : $"nested loop {Shape.Word}: {Shape.Residual}";

    /// <inheritdoc/>
    public override PlanNode TrySelect(int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        new NestedLoopJoin(Shape.Select(ordinals), columns)
        {
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new NestedLoopJoinCursor(Shape, context);
}
