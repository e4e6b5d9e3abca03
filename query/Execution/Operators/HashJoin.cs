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
    private const double LeftFirstRowCountMax = 500_000;
    private const double LeftFirstAdvantage = 3;

    // Found when first asked for; two threads find the same.
    private bool? _readsLeftFirst;
    private KeyFilterTarget[]? _leftTargets;
    private KeyFilterTarget[]? _rightTargets;

    /// <summary>The sides and the condition beyond the keys.</summary>
    public JoinShape Shape { get; } = shape;

    /// <summary>The keys over the left side.</summary>
    public Expression[] LeftKeys { get; } = leftKeys;

    /// <summary>The keys over the right side, of the same physical kinds.</summary>
    public Expression[] RightKeys { get; } = rightKeys;

    /// <summary>
    /// Whether the left side is read first, because it is expected to be much smaller and thins
    /// out the right side: left rows stay whatever the right side has, so it cannot be swapped.
    /// </summary>
    public bool ReadsLeftFirst => _readsLeftFirst ??=
        Shape.Kind is JoinKind.Left or JoinKind.Semi or JoinKind.Anti
        && Shape.Left.EstimatedRowCount < LeftFirstRowCountMax
        && Shape.Left.EstimatedRowCount * LeftFirstAdvantage < WorkOf(Shape.Right)
        && RightTargets.Length > 0;

    /// <summary>The scans of the left side that the keys of the right side thin out.</summary>
    public KeyFilterTarget[] LeftTargets => _leftTargets ??=
        Shape.Kind is JoinKind.Inner or JoinKind.Semi
            ? KeyFilterTarget.Of(Shape.Left, LeftKeys)
            : [];

    /// <summary>The scans of the right side that the keys of the left side thin out.</summary>
    public KeyFilterTarget[] RightTargets =>
        _rightTargets ??= KeyFilterTarget.Of(Shape.Right, RightKeys);

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
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new HashJoinCursor(this, context);

    /// <inheritdoc/>
    protected override Pipeline? StartParallel(ExecutionContext context) =>
        Shape.Kind != JoinKind.Full && !RowSizes.MayExceed(Shape.Right, context)
        && Shape.Left.Parallelize(context) is { } left
            ? new HashJoinPipeline(this, left, context)
            : null;

    // The rows that the largest scan below reads: what a filter can save.
    private static double WorkOf(PlanNode node)
    {
        double work = node.EstimatedRowCount;
        foreach (PlanNode child in node.Children)
        {
            work = Math.Max(work, WorkOf(child));
        }

        return work;
    }
}
