namespace NeuroDb.Query;

/// <summary>
/// Lifts expressions of a grouped SELECT from rows to groups: keys and aggregates become columns
/// of the aggregation, and any other column becomes its value in the group's first row.
/// </summary>
internal sealed class GroupBinder
{
    private readonly Binder _binder;
    private readonly AggregateCollector _aggregates;
    private readonly WindowCollector _windows;
    private readonly List<ProjectedColumn> _keys = [];
    private readonly List<ProjectedColumn> _firsts = [];

    /// <summary>Makes the lifting for keys; equal keys count once.</summary>
    public GroupBinder(
        Binder binder,
        AggregateCollector aggregates,
        WindowCollector windows,
        IReadOnlyList<Expression> keys)
    {
        _binder = binder;
        _aggregates = aggregates;
        _windows = windows;
        foreach (Expression key in keys)
        {
            if (FindKey(key) is null)
            {
                OutputColumn column = binder.Identifiers.NewColumn(key.ToString(), key.Type);
                _keys.Add(new ProjectedColumn(key, column));
            }
        }
    }

    /// <summary>The expression over the columns of the aggregation.</summary>
    public Expression Lift(Expression expression)
    {
        if (FindKey(expression) is { } key)
        {
            return Reference(key);
        }

        if (expression is ColumnExpression column)
        {
            return _aggregates.Contains(column.Id) || _windows.Contains(column.Id)
                ? column
                : Reference(First(column));
        }

        IReadOnlyList<Expression> children = expression.Children;
        Expression[]? changed = null;
        for (int i = 0; i < children.Count; i++)
        {
            Expression child = Lift(children[i]);
            if (!ReferenceEquals(child, children[i]))
            {
                changed ??= [.. children];
                changed[i] = child;
            }
        }

        return changed is null ? expression : expression.WithChildren(changed);
    }

    /// <summary>The aggregation of the rows.</summary>
    public LogicalAggregate Build(LogicalNode input) =>
        new(input, _keys, _aggregates.Aggregates, _firsts);

    private static ColumnExpression Reference(ProjectedColumn column) =>
        new(column.Column.Id, column.Column.Name, column.Column.Type);

    private ProjectedColumn? FindKey(Expression expression) =>
        _keys.Find(key => ExpressionEquality.AreEqual(key.Expression, expression));

    private ProjectedColumn First(ColumnExpression column)
    {
        ProjectedColumn? known = _firsts.Find(
            first => first.Expression is ColumnExpression other && other.Id == column.Id);
        if (known is null)
        {
            known = new ProjectedColumn(
                column, _binder.Identifiers.NewColumn(column.Name, column.Type));
            _firsts.Add(known);
            _binder.Notices.Add(
                $"{column.Name} is neither grouped nor aggregated: its value in the first row of "
                + "each group is taken. Add it to GROUP BY or put an aggregate around it.");
        }

        return known;
    }
}
