namespace NeuroDb.Query;

/// <summary>
/// Gives some of the rows: the first ones after an offset. Both counts are computed once, without
/// a row.
/// </summary>
internal sealed class LogicalLimit(LogicalNode input, Expression? limit, Expression? offset)
    : LogicalNode
{
    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; } = input;

    /// <summary>The most rows; null, NULL or a negative number for all.</summary>
    public Expression? Limit { get; } = limit;

    /// <summary>The rows left out first; null, NULL or a negative number for none.</summary>
    public Expression? Offset { get; } = offset;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Input.Output;

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalLimit(
            Input, Limit is null ? null : map(Limit), Offset is null ? null : map(Offset));

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalLimit(children[0], Limit, Offset);
}
