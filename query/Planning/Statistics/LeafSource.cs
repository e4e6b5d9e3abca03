namespace NeuroDb.Query;

/// <summary>
/// The table that columns of an input come from, through projections, conditions, limits, groups
/// and joins: what is known of its values says how the rows of the input are spread over them.
/// </summary>
/// <param name="Scan">The table.</param>
/// <param name="Condition">What its rows satisfy; null for all.</param>
internal sealed record LeafSource(LogicalScan Scan, Expression? Condition)
{
    private Dictionary<int, int>? _names;

    /// <summary>
    /// The node that gives one row for each value of a column of the table; null for none.
    /// </summary>
    public LogicalNode? Groups { get; private init; }

    /// <summary>The column of the table that <see cref="Groups"/> has one row for each value of.
    /// </summary>
    public int GroupedId { get; private init; } = -1;

    /// <summary>Whether every row of the table gives one row of the input at most.</summary>
    public bool IsPart { get; private init; } = true;

    /// <summary>Whether an outer join has filled up rows with NULL.</summary>
    public bool IsFilledUp { get; private init; }

    /// <summary>Looks for the source.</summary>
    /// <param name="node">The input.</param>
    /// <param name="keys">Its columns that are asked about.</param>
    /// <returns>Null where the columns come from no table.</returns>
    public static LeafSource? Of(LogicalNode node, HashSet<int> keys)
    {
        if (JoinLeaf.TrySource(node, out LogicalScan scan, out Expression? condition))
        {
            return new LeafSource(scan, condition);
        }

        return node switch
        {
            LogicalProject project => Of(project.Input, project.Columns, keys),
            LogicalAggregate { Sets: null, Keys.Count: > 0 } aggregate =>
                Of(aggregate.Input, aggregate.Keys, keys)?.Grouped(
                    aggregate, [.. aggregate.Keys.Select(static key => key.Column.Id)]),
            LogicalDistinct distinct => Of(distinct.Input, keys)?.Grouped(
                distinct, [.. distinct.Output.Select(static column => column.Id)]),
            LogicalKeyRange { Order: not KeyRangeOrder.Ends } range =>
                new LeafSource(range.Scan, Conjuncts.Join(range.Parts)),
            LogicalIndexRange range => new LeafSource(range.Scan, Conjuncts.Join(range.Parts)),
            LogicalKeyLookup lookup => new LeafSource(lookup.Scan, null),
            LogicalFilter filter => Of(filter.Input, keys)?.Filtered(filter.Condition),
            LogicalLimit or LogicalTopK or LogicalSort or LogicalWindow
                or LogicalJoin { IsHalf: true } => Of(node.Children[0], keys),
            LogicalJoin join => OfSide(join, keys),
            LogicalShared shared => Of(shared.Query.Plan, shared.Inline().Columns, keys),
            _ => null,
        };
    }

    /// <summary>Which column of the table a column of the input is; -1 for none.</summary>
    public int IdOf(int column) =>
        _names is null ? column : _names.GetValueOrDefault(column, -1);

    private static LeafSource? Of(
        LogicalNode input, IReadOnlyList<ProjectedColumn> columns, HashSet<int> keys)
    {
        var below = new HashSet<int>();
        foreach (ProjectedColumn column in columns)
        {
            if (column.Expression is ColumnExpression { Id: var id }
                && keys.Contains(column.Column.Id))
            {
                below.Add(id);
            }
        }

        if (Of(input, below) is not { } source)
        {
            return null;
        }

        var names = new Dictionary<int, int>();
        foreach (ProjectedColumn column in columns)
        {
            if (column.Expression is ColumnExpression { Id: var id })
            {
                names.TryAdd(column.Column.Id, source.IdOf(id));
            }
        }

        return source with { _names = names };
    }

    private static LeafSource? OfSide(LogicalJoin join, HashSet<int> keys)
    {
        int left = join.Left.Output.Count(column => keys.Contains(column.Id));
        int right = join.Right.Output.Count(column => keys.Contains(column.Id));
        bool isLeft = left >= right;
        return left + right == 0 || Of(isLeft ? join.Left : join.Right, keys) is not { } source
            ? null
            : source with
            {
                IsPart = false,
                IsFilledUp = source.IsFilledUp || join.Kind == JoinKind.Full
                    || (join.Kind == JoinKind.Left && !isLeft),
            };
    }

    // A condition above limits, groups and joins as one on the rows of the table.
    private LeafSource Filtered(Expression condition)
    {
        bool isOfTable = !IsFilledUp && ColumnSets.IsMovable(condition);
        Expression moved = condition.Rewrite(part =>
        {
            if (part is not ColumnExpression { Id: var id, Type: var type })
            {
                return part;
            }

            OutputColumn? column = Scan.Output.FirstOrDefault(known => known.Id == IdOf(id));
            isOfTable &= column is not null;
            return column is null ? part : new ColumnExpression(column.Id, column.Name, type);
        });
        return !isOfTable ? this : this with
        {
            Condition = Condition is null ? moved : ExpressionFactory.And([Condition, moved]),
        };
    }

    private LeafSource Grouped(LogicalNode groups, int[] columns) => this with
    {
        Groups = groups,
        GroupedId = columns is [var only] ? IdOf(only) : -1,
        IsPart = true,
    };
}
