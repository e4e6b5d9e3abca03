namespace NeuroDb.Query;

/// <summary>Lets the rows pass whose condition is true.</summary>
internal sealed class LogicalFilter(LogicalNode input, Expression condition) : LogicalNode
{
    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; } = input;

    /// <summary>The condition, over columns of the input.</summary>
    public Expression Condition { get; } = condition;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Input.Output;

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalFilter(Input, map(Condition));

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalFilter(children[0], Condition);
}
