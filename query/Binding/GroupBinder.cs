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
    private readonly List<(CollateExpression Text, OutputColumn Key)> _collated = [];
    private readonly GroupingSets? _sets;

    /// <summary>Makes the lifting for keys; equal keys count once.</summary>
    public GroupBinder(
        Binder binder,
        AggregateCollector aggregates,
        WindowCollector windows,
        GroupKeys keys)
    {
        _binder = binder;
        _aggregates = aggregates;
        _windows = windows;
        foreach (Expression key in keys.Keys)
        {
            OutputColumn column = binder.Identifiers.NewColumn(key.ToString(), key.Type);
            _keys.Add(new ProjectedColumn(CollateExpression.Key(key), column));
            if (key is CollateExpression { Collation: not Collation.Binary } text)
            {
                _collated.Add((text, column));
            }
        }

        if (keys.HasSets)
        {
            _sets = new GroupingSets(
                keys.Sets,
                binder.Identifiers.NewColumn("grouping set", DataType.BigInt, false));
        }
    }

    /// <summary>The expression over the columns of the aggregation.</summary>
    public Expression Lift(Expression expression)
    {
        if (FindKey(expression) is { } key)
        {
            return Reference(key);
        }

        if (expression is CollateExpression collated && _collated.FindIndex(
            item => ExpressionEquality.AreEqual(item.Text, collated)) is >= 0 and var at)
        {
            return new CollateExpression(FirstText(_collated[at]), collated.Collation);
        }

        if (expression is GroupingExpression grouping)
        {
            return LiftGrouping(grouping);
        }

        if (_sets is not null && expression is ColumnExpression own && own.Id == _sets.Column.Id)
        {
            return own;
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
        new(input, _keys, _aggregates.Aggregates, _firsts, _sets);

    private Expression LiftGrouping(GroupingExpression grouping)
    {
        int[] ordinals = [.. grouping.Children.Select(key => _keys.FindIndex(
            known => ExpressionEquality.AreEqual(
                known.Expression, CollateExpression.Key(key))))];
        if (ordinals.Contains(-1))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{grouping} names what is no key of GROUP BY.",
                grouping.Position);
        }

        if (_sets is null)
        {
            return new ConstantExpression(Value.Of(0L), DataType.BigInt);
        }

        var set = new ColumnExpression(_sets.Column.Id, _sets.Column.Name, DataType.BigInt);
        var branches = new List<(Expression When, Expression Then)>();
        for (int i = 0; i < _sets.Sets.Count; i++)
        {
            long bits = ordinals.Aggregate(
                0L, (value, key) => (value << 1) | (_sets.Sets[i].Contains(key) ? 0L : 1L));
            branches.Add((
                new ConstantExpression(Value.Of((long)i), DataType.BigInt),
                new ConstantExpression(Value.Of(bits), DataType.BigInt)));
        }

        return ExpressionFactory.Case(set, branches, null, grouping.Position);
    }

    private static ColumnExpression Reference(ProjectedColumn column) =>
        new(column.Column.Id, column.Column.Name, column.Column.Type);

    private ProjectedColumn? FindKey(Expression expression) =>
        _keys.Find(key => ExpressionEquality.AreEqual(key.Expression, expression));

    // The text of the first row; NULL where the rows are not grouped by it.
    private Expression FirstText((CollateExpression Text, OutputColumn Key) item)
    {
        Expression operand = item.Text.Children[0];
        ProjectedColumn? known = _firsts.Find(
            first => ExpressionEquality.AreEqual(first.Expression, operand));
        if (known is null)
        {
            known = new ProjectedColumn(
                operand, _binder.Identifiers.NewColumn(item.Key.Name, operand.Type));
            _firsts.Add(known);
        }

        return _sets is null
            ? Reference(known)
            : ExpressionFactory.Case(
                [
                    ExpressionFactory.IsNull(
                        new ColumnExpression(item.Key.Id, item.Key.Name, item.Key.Type),
                        negated: true),
                ],
                [Reference(known)],
                null,
                default);
    }

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
