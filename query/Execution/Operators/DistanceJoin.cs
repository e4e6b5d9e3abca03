namespace NeuroDb.Query;

/// <summary>
/// Joins rows whose vectors are near enough to each other: kernels compare many left vectors at
/// once with the right ones, which are in memory, and propose the pairs that may be near enough;
/// the condition decides about these. O(left * right), in tiles that stay in registers.
/// </summary>
/// <param name="shape">The sides, and the whole condition.</param>
/// <param name="distance">What is compared.</param>
/// <param name="leftVector">The vector of a left row.</param>
/// <param name="rightVector">The vector of a right row.</param>
/// <param name="bound">What the distance is compared with, over one side.</param>
/// <param name="output">The columns.</param>
internal sealed class DistanceJoin(
    JoinShape shape,
    VectorDistanceExpression distance,
    Expression leftVector,
    Expression rightVector,
    Expression bound,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The sides and the condition.</summary>
    public JoinShape Shape { get; } = shape;

    /// <summary>What is compared.</summary>
    public VectorDistanceExpression Distance { get; } = distance;

    /// <summary>The vector of a left row.</summary>
    public Expression LeftVector { get; } = leftVector;

    /// <summary>The vector of a right row.</summary>
    public Expression RightVector { get; } = rightVector;

    /// <summary>What the distance is compared with, over one side.</summary>
    public Expression Bound { get; } = bound;

    /// <summary>Whether the bound is one of the right rows.</summary>
    public bool IsBoundOfRight { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Shape.Left, Shape.Right];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Shape.Residual!.Expression];

    /// <inheritdoc/>
    public override string Describe() => $"vector {Shape.Word}: {Shape.Residual}";

    /// <inheritdoc/>
    public override IEnumerable<string> Details(ExecutionContext context) =>
        [$"search: exact, {DistanceJoinCursor.QueryCountMax} vectors at once"];

    /// <inheritdoc/>
    public override PlanNode TrySelect(int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        new DistanceJoin(
            Shape.Select(ordinals), Distance, LeftVector, RightVector, Bound, columns)
        {
            IsBoundOfRight = IsBoundOfRight,
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new DistanceJoinCursor(this, context);
}
