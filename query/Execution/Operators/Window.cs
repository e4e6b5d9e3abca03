namespace NeuroDb.Query;

/// <summary>
/// Adds window functions to the rows: sorts all rows by partition and order and computes each
/// function a column at a time. Rows come in that order. O(n log n).
/// </summary>
internal sealed class Window(
    PlanNode input,
    Expression[] partition,
    RowOrder order,
    WindowCall[] calls,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>What parts the rows, over ordinals of the input.</summary>
    public Expression[] Partition { get; } = partition;

    /// <summary>The order within each part.</summary>
    public RowOrder Order { get; } = order;

    /// <summary>The functions, each a further column.</summary>
    public WindowCall[] Calls { get; } = calls;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
    [
        .. Partition,
        .. Order.Keys.Select(key => key.Expression),
        .. Calls.SelectMany(call => call.Expressions),
    ];

    /// <inheritdoc/>
    public override string Describe()
    {
        string parts = Partition.Length == 0
            ? ""
            : $", partition by {string.Join<Expression>(", ", Partition)}";
        string sorted = Order.Keys.Count == 0 ? "" : $", order: {string.Join(", ", Order.Keys)}";
        return $"window: {string.Join<WindowCall>(", ", Calls)}{parts}{sorted}";
    }

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new WindowCursor(this, context);
}
