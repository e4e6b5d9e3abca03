namespace NeuroDb.Query;

/// <summary>Gives some of the rows: the first ones after an offset.</summary>
internal sealed class Limit(PlanNode input, Expression? limit, Expression? offset)
    : PlanNode(input.Output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override string Describe() =>
        $"limit: {limit?.ToString() ?? "all"}{(offset is null ? "" : $" offset {offset}")}";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new LimitCursor(
            Input.Open(context),
            Conditions.CountOf(limit, long.MaxValue, context),
            Conditions.CountOf(offset, 0, context));
}
