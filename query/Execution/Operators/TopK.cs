namespace NeuroDb.Query;

/// <summary>
/// The first rows in an order. Keeps at most twice as many rows as asked for, so memory and time
/// do not grow with what is left out: O(n log k).
/// </summary>
internal sealed class TopK(PlanNode input, RowOrder order, Expression limit, Expression? offset)
    : PlanNode(input.Output)
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
    public override string Describe() =>
        $"top {limit}{(offset is null ? "" : $" offset {offset}")}, "
        + $"order: {string.Join(", ", Order.Keys)}";

    /// <summary>The input for several threads; null if one thread does it.</summary>
    public Pipeline? ParallelInput(ExecutionContext context) =>
        IsParallelSafe ? Input.Parallelize(context) : null;

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context)
    {
        long most = Conditions.CountOf(limit, long.MaxValue, context);
        long skipped = Conditions.CountOf(offset, 0, context);
        double size = 2.0 * ((double)most + skipped)
            * Output.Sum(static column => RowSizes.WidthOf(column.Type));
        return context.Spill is not null && size > context.OperatorMemoryBytes
            ? new LimitCursor(
                new SortCursor(this, Input, Order, context), most, skipped)
            : new TopKCursor(this, most, skipped, context);
    }
}
