namespace NeuroDb.Query;

/// <summary>The first rows in an order: a sort and a limit in one.</summary>
internal sealed class LogicalTopK(
    LogicalNode input, IReadOnlyList<SortKey> keys, Expression limit, Expression? offset)
    : LogicalNode
{
    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; } = input;

    /// <summary>The order; the first item decides first.</summary>
    public IReadOnlyList<SortKey> Keys { get; } = keys;

    /// <summary>The most rows; NULL or a negative number for all.</summary>
    public Expression Limit { get; } = limit;

    /// <summary>The rows left out first; null, NULL or a negative number for none.</summary>
    public Expression? Offset { get; } = offset;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Input.Output;

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalTopK(
            Input, SortKey.Map(Keys, map), map(Limit), Offset is null ? null : map(Offset));

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalTopK(children[0], Keys, Limit, Offset);
}
