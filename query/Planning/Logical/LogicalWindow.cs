namespace NeuroDb.Query;

/// <summary>
/// Adds the results of window functions to each row. All functions of one node share the parts
/// and the order of the rows; they differ in their frames.
/// </summary>
internal sealed class LogicalWindow : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalWindow(
        LogicalNode input,
        IReadOnlyList<Expression> partition,
        IReadOnlyList<SortKey> order,
        IReadOnlyList<WindowColumn> functions)
    {
        Invariant.Check(functions.Count > 0);
        Input = input;
        Partition = partition;
        Order = order;
        Functions = functions;
        Output = [.. input.Output, .. functions.Select(function => function.Column)];
    }

    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; }

    /// <summary>What parts the rows; empty for one part.</summary>
    public IReadOnlyList<Expression> Partition { get; }

    /// <summary>The order within each part; empty for none.</summary>
    public IReadOnlyList<SortKey> Order { get; }

    /// <summary>The functions; the last columns of the output.</summary>
    public IReadOnlyList<WindowColumn> Functions { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <summary>The expressions that the node evaluates.</summary>
    public IEnumerable<Expression> Expressions => Partition
        .Concat(Order.Select(key => key.Expression))
        .Concat(Functions.SelectMany(function => function.Call.Expressions));

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalWindow(
            Input,
            [.. Partition.Select(map)],
            SortKey.Map(Order, map),
            [.. Functions.Select(item => item with { Call = item.Call.Map(map) })]);

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalWindow(children[0], Partition, Order, Functions);
}
