namespace NeuroDb.Query;

/// <summary>
/// A subquery taken apart: a query without outer values, the conditions that tied it to the outer
/// row - now over the columns of both - and the value that it gives.
/// </summary>
/// <param name="Inner">The query without the conditions.</param>
/// <param name="Conditions">The conditions over outer and inner columns.</param>
/// <param name="Value">The value over the inner columns; null for EXISTS and IN.</param>
/// <param name="Key">Whether the conditions name one row by a key of the table.</param>
internal sealed record CorrelatedQuery(
    LogicalNode Inner, IReadOnlyList<Expression> Conditions, Expression? Value, bool Key)
{
    // Below that share of the inner rows, looking each one up is cheaper than reading them all.
    private const double LookupShare = 0.05;

    /// <summary>Whether a condition is an equality that a hash join can use.</summary>
    public bool HasEquality => Conditions.Any(condition =>
        condition is ComparisonExpression { Operator: BinaryOperator.Equal } equal
        && IsSplit(equal));

    /// <summary>Whether few outer rows would look one row each up by a key.</summary>
    public bool IsBetterByLookup(LogicalNode outer) =>
        Key && Cardinality.Of(outer) < LookupShare * Cardinality.Of(Inner);

    /// <summary>EXISTS and IN: the rows under projections, orders and conditions.</summary>
    public static CorrelatedQuery? OfRows(SubqueryExpression subquery)
    {
        var parts = new List<Expression>();
        Expression? item = subquery.Operand is null
            ? null
            : Column(subquery.Query.Output[0]);
        LogicalNode? node = Strip(subquery.Query, parts, ref item);
        if (node is null || OuterUse.In(node))
        {
            return null;
        }

        if (item is not null)
        {
            parts.Add(OperatorFactory.Comparison(
                BinaryOperator.Equal, subquery.Operand!, item, subquery.Position));
        }

        return Make(subquery, node, parts, null);
    }

    /// <summary>A value that is one aggregate, or is computed from some, of all rows.</summary>
    public static CorrelatedQuery? OfAggregate(
        SubqueryExpression subquery, ColumnIdentifiers identifiers)
    {
        (LogicalNode? node, Expression value) = StripValue(subquery.Query);
        if (node is not LogicalAggregate { Keys.Count: 0, Firsts.Count: 0, Sets: null } aggregate
            || OuterUse.In(value)
            || aggregate.Aggregates.Any(item => ExpressionsOf(item.Call).Any(OuterUse.In)))
        {
            return null;
        }

        var parts = new List<Expression>();
        Expression? none = null;
        LogicalNode? rows = Strip(aggregate.Input, parts, ref none, keepsProjects: true);
        if (rows is null || OuterUse.In(rows))
        {
            return null;
        }

        var keys = new List<ProjectedColumn>();
        var conditions = new List<Expression>();
        var own = new List<Expression>();
        foreach (Expression part in parts)
        {
            if (!OuterUse.In(part))
            {
                own.Add(part);
            }
            else if (TryKey(part, out Expression? inner, out Expression? outer))
            {
                OutputColumn column = identifiers.NewColumn(inner.ToString(), inner.Type);
                keys.Add(new ProjectedColumn(inner, column));
                conditions.Add(new ComparisonExpression(
                    BinaryOperator.Equal, Resolve(subquery, outer), Column(column)));
            }
            else
            {
                return null;
            }
        }

        if (keys.Count == 0)
        {
            return null;
        }

        var grouped = new LogicalAggregate(
            Conjuncts.Filter(rows, own), keys, aggregate.Aggregates, []);
        return new CorrelatedQuery(
            grouped, conditions, OfNothing(value, aggregate, subquery.Position), false);
    }

    /// <summary>A value of the row that the conditions name by a key of a table.</summary>
    public static CorrelatedQuery? OfKey(SubqueryExpression subquery)
    {
        var parts = new List<Expression>();
        Expression? value = Column(subquery.Query.Output[0]);
        LogicalNode? node = Strip(subquery.Query, parts, ref value);
        if (node is not LogicalScan || value is null || OuterUse.In(value))
        {
            return null;
        }

        CorrelatedQuery query = Make(subquery, node, parts, value);
        return query.Key ? query : null;
    }

    /// <summary>The same with new columns, so that two uses of one table stay apart.</summary>
    public CorrelatedQuery Renamed(ColumnIdentifiers identifiers)
    {
        var columns = new List<ProjectedColumn>();
        var names = new Dictionary<int, Expression>();
        foreach (OutputColumn column in Inner.Output)
        {
            OutputColumn renamed = column with { Id = identifiers.Next() };
            columns.Add(new ProjectedColumn(Column(column), renamed));
            names[column.Id] = Column(renamed);
        }

        LogicalNode inner = DecorrelationRule.Apply(InlineRule.Apply(Inner), identifiers);
        return new CorrelatedQuery(
            new LogicalProject(inner, columns),
            [.. Conditions.Select(part => ColumnSets.Substitute(part, names))],
            Value is null ? null : ColumnSets.Substitute(Value, names),
            Key);
    }

    /// <summary>What is under the projections, and the value over its columns.</summary>
    private static (LogicalNode? Node, Expression Value) StripValue(LogicalNode query)
    {
        Expression value = Column(query.Output[0]);
        LogicalNode node = query;
        while (node is LogicalProject or LogicalLimit)
        {
            if (node is LogicalProject project)
            {
                value = ColumnSets.Through(project, value);
            }
            else if (node is not LogicalLimit
                {
                    Offset: null, Limit: ConstantExpression { Value: { IsNull: false } most },
                } || most.AsInt64() < 1)
            {
                return (null, value);
            }

            node = node.Children[0];
        }

        return (node, value);
    }

    private static CorrelatedQuery Make(
        SubqueryExpression subquery,
        LogicalNode node,
        List<Expression> parts,
        Expression? value)
    {
        HashSet<int> inner = ColumnSets.Of(node.Output);
        bool IsOwn(Expression part) => !OuterUse.In(part) && ColumnSets.ReadsOnly(part, inner);
        List<Expression> ties = [.. parts.Where(part => !IsOwn(part))];
        var named = new HashSet<int>();
        foreach (Expression tie in ties)
        {
            if (TryKey(tie, out Expression? key, out _) && key is ColumnExpression column)
            {
                named.Add(column.Id);
            }
        }

        bool isKey = node is LogicalScan scan && scan.Table.Schema.Keys.Any(key =>
            key.Ordinals.All(ordinal => scan.Columns.Any(
                item => item.Ordinal == ordinal && named.Contains(item.Column.Id))));
        return new CorrelatedQuery(
            Conjuncts.Filter(node, parts.FindAll(IsOwn)),
            [.. ties.Select(tie => Resolve(subquery, tie))],
            value,
            isKey);
    }

    /// <summary>
    /// Goes down through what changes neither which rows there are nor what they mean; null where
    /// something else uses outer values.
    /// </summary>
    private static LogicalNode? Strip(
        LogicalNode node,
        List<Expression> parts,
        ref Expression? item,
        bool keepsProjects = false)
    {
        while (true)
        {
            switch (node)
            {
                case LogicalFilter filter:
                    if (!ColumnSets.IsMovable(filter.Condition))
                    {
                        return null;
                    }

                    Conjuncts.Split(filter.Condition, parts);
                    node = filter.Input;
                    break;
                case LogicalProject project when !keepsProjects && parts.Count == 0:
                    if (item is not null)
                    {
                        item = ColumnSets.Through(project, item);
                        if (!ColumnSets.IsMovable(item)
                            || item.Any(part => part is SubqueryExpression))
                        {
                            return null;
                        }
                    }

                    node = project.Input;
                    break;
                case LogicalSort sort when !keepsProjects:
                    node = sort.Input;
                    break;
                case LogicalDistinct distinct when !keepsProjects && parts.Count == 0:
                    node = distinct.Input;
                    break;
                default:
                    return node;
            }
        }
    }

    /// <summary>
    /// Where no row joins, counts are zero; the other aggregates are NULL anyway.
    /// </summary>
    private static Expression OfNothing(
        Expression value, LogicalAggregate aggregate, SourcePosition position)
    {
        var zeros = new Dictionary<int, Expression>();
        foreach (AggregateColumn item in aggregate.Aggregates)
        {
            if (item.Call.Function.OfNothing is { IsNull: false } zero)
            {
                zeros[item.Column.Id] = ExpressionFactory.Call(
                    "coalesce",
                    [Column(item.Column), new ConstantExpression(zero, item.Column.Type)],
                    position);
            }
        }

        return ColumnSets.Substitute(value, zeros);
    }

    private static bool TryKey(
        Expression part,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Expression? inner,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Expression? outer)
    {
        (inner, outer) = (null, null);
        if (part is not ComparisonExpression { Operator: BinaryOperator.Equal } equal)
        {
            return false;
        }

        Expression left = equal.Children[0];
        Expression right = equal.Children[1];
        if (!OuterUse.In(left) && !ColumnSets.ReadsNone(left) && ColumnSets.ReadsNone(right))
        {
            (inner, outer) = (left, right);
        }
        else if (!OuterUse.In(right) && !ColumnSets.ReadsNone(right)
            && ColumnSets.ReadsNone(left))
        {
            (inner, outer) = (right, left);
        }

        return inner is not null && OuterUse.In(outer!);
    }

    private bool IsSplit(ComparisonExpression equal)
    {
        HashSet<int> inner = ColumnSets.Of(Inner.Output);
        bool left = ColumnSets.ReadsOnly(equal.Children[0], inner)
            && !ColumnSets.ReadsNone(equal.Children[0]);
        bool right = ColumnSets.ReadsOnly(equal.Children[1], inner)
            && !ColumnSets.ReadsNone(equal.Children[1]);
        Expression outer = equal.Children[left ? 1 : 0];
        return left != right && !outer.Any(part =>
            part is ColumnExpression column && inner.Contains(column.Id));
    }

    private static Expression Resolve(SubqueryExpression subquery, Expression expression) =>
        expression.Rewrite(part =>
            part is OuterExpression outer ? subquery.Captures[outer.Slot] : part);

    private static IEnumerable<Expression> ExpressionsOf(AggregateCall call) =>
        call.Filter is null
            ? call.Function.Arguments
            : call.Function.Arguments.Append(call.Filter);

    private static ColumnExpression Column(OutputColumn column) =>
        new(column.Id, column.Name, column.Type);
}
