namespace NeuroDb.Query;

/// <summary>Orders all rows in memory; equal ones keep their order. O(n log n).</summary>
internal sealed class Sort(PlanNode input, RowOrder order) : PlanNode(input.Output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>The order, over ordinals of the input.</summary>
    public RowOrder Order { get; } = order;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Order.Keys.Select(key => key.Expression);

    /// <inheritdoc/>
    public override string Describe() => $"sort, order: {string.Join(", ", Order.Keys)}";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new SortCursor(this, Input, Order, context);
}
