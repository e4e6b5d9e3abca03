namespace NeuroDb.Query;

/// <summary>Lets the rows pass whose condition is true.</summary>
internal sealed class Filter(PlanNode input, Expression condition) : PlanNode(input.Output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>The condition over ordinals of the input.</summary>
    public Expression Condition { get; } = condition;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Condition];

    /// <inheritdoc/>
    public override string Describe() => $"filter: {Condition}";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new FilterCursor(Input.Open(context), Condition, context);

    /// <inheritdoc/>
    protected override Pipeline? StartParallel(ExecutionContext context) =>
        Input.Parallelize(context) is { } input
            ? new MappedPipeline(input, cursor => new FilterCursor(cursor, Condition, context))
            : null;
}
