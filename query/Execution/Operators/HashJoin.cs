namespace NeuroDb.Query;

/// <summary>
/// Joins on equal keys: a hash table over the right side, probed with the left side batch by
/// batch. O(left + right + result).
/// </summary>
internal sealed class HashJoin(
    JoinShape shape,
    Expression[] leftKeys,
    Expression[] rightKeys,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The sides and the condition beyond the keys.</summary>
    public JoinShape Shape { get; } = shape;

    /// <summary>The keys over the left side.</summary>
    public Expression[] LeftKeys { get; } = leftKeys;

    /// <summary>The keys over the right side, of the same physical kinds.</summary>
    public Expression[] RightKeys { get; } = rightKeys;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Shape.Left, Shape.Right];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        Shape.Residual is null ? [] : [Shape.Residual.Expression];

    /// <inheritdoc/>
    public override string Describe()
    {
        IEnumerable<string> pairs =
            LeftKeys.Zip(RightKeys, (left, right) => $"{left} = {right}");
        string rest = Shape.Residual is null ? "" : $", and: {Shape.Residual}";
        return $"hash {Shape.Word}: {string.Join(", ", pairs)}{rest}";
    }

    /// <inheritdoc/>
    public override PlanNode TrySelect(int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        new HashJoin(Shape.Select(ordinals), LeftKeys, RightKeys, columns)
        {
            EstimatedRowCount = EstimatedRowCount,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new HashJoinCursor(this, context);
}
