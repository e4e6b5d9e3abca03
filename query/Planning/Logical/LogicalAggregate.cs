namespace NeuroDb.Query;

/// <summary>
/// Gathers the rows into groups of equal keys, NULLs counting as equal, and computes aggregates of
/// each group. Without keys all rows are one group, which is there even without rows.
/// </summary>
internal sealed class LogicalAggregate : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalAggregate(
        LogicalNode input,
        IReadOnlyList<ProjectedColumn> keys,
        IReadOnlyList<AggregateColumn> aggregates,
        IReadOnlyList<ProjectedColumn> firsts,
        GroupingSets? sets = null)
    {
        Input = input;
        Keys = keys;
        Aggregates = aggregates;
        Firsts = firsts;
        Sets = sets;
        Output =
        [
            .. keys.Select(key => key.Column),
            .. aggregates.Select(aggregate => aggregate.Column),
            .. firsts.Select(first => first.Column),
            .. sets is null ? Array.Empty<OutputColumn>() : [sets.Column],
        ];
    }

    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; }

    /// <summary>What makes a group; the first columns of the output.</summary>
    public IReadOnlyList<ProjectedColumn> Keys { get; }

    /// <summary>The aggregates; the next columns of the output.</summary>
    public IReadOnlyList<AggregateColumn> Aggregates { get; }

    /// <summary>
    /// Columns that are neither: the value of the group's first row; the last columns.
    /// </summary>
    public IReadOnlyList<ProjectedColumn> Firsts { get; }

    /// <summary>The sets of keys to group by; null for all keys.</summary>
    public GroupingSets? Sets { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalAggregate(
            Input,
            [.. Keys.Select(key => key with { Expression = map(key.Expression) })],
            [.. Aggregates.Select(item => item with { Call = item.Call.Map(map) })],
            [.. Firsts.Select(first => first with { Expression = map(first.Expression) })],
            Sets);

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalAggregate(children[0], Keys, Aggregates, Firsts, Sets);
}
