namespace NeuroDb.Query;

/// <summary>Orders the rows; equal ones keep their order.</summary>
internal sealed class LogicalSort(LogicalNode input, IReadOnlyList<SortKey> keys) : LogicalNode
{
    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; } = input;

    /// <summary>The order; the first item decides first.</summary>
    public IReadOnlyList<SortKey> Keys { get; } = keys;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Input.Output;

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalSort(Input, SortKey.Map(Keys, map));

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalSort(children[0], Keys);
}
