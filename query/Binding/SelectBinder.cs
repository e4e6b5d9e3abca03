namespace NeuroDb.Query;

/// <summary>
/// Binds one SELECT with its ORDER BY: FROM, WHERE, groups, HAVING, items, DISTINCT, order. Items
/// of ORDER BY that are not in the result are computed as further columns and left out at the end.
/// </summary>
internal sealed class SelectBinder(Binder binder, QueryEnvironment environment)
{
    private readonly AggregateCollector _aggregates = new(binder.Identifiers);
    private readonly WindowCollector _windows = new(binder.Identifiers);
    private readonly Scope _scope = new(environment);
    private IReadOnlyList<ProjectedColumn> _items = [];

    /// <summary>The plan of a SELECT in an order.</summary>
    public LogicalNode Bind(SelectSyntax select, IReadOnlyList<OrderItemSyntax> orderBy)
    {
        NotYet.Refuse(select.Into is not null, "INTO inside a statement", select.Position);
        select = SetItems.Expand(select);
        _aggregates.IsOverSingleRow = select.From.Count == 0 && select.Where is null
            && select.GroupBy.Count == 0 && !select.IsGroupByAll;
        LogicalNode node = new FromBinder(binder, environment).Bind(select.From, _scope);
        node = BindWhere(node, select);
        var windows = new WindowBinder(_windows, select.Windows);
        var expressions = new ExpressionBinder(binder, _scope, "an aggregate")
        {
            Aggregates = _aggregates,
            Windows = windows,
            LateAliases = new ItemAliases(select.Items) { VisibleCount = 0 },
        };
        _items = new ItemBinder(binder, expressions).Bind(select.Items);
        var named = new ExpressionBinder(binder, _scope, "an aggregate")
        {
            Aggregates = _aggregates,
            Windows = windows,
            Aliases = FindAlias,
        };
        GroupKeys keys = BindGroupBy(select);
        Expression? having = select.Having is null ? null : BindHaving(select.Having);
        Expression? qualify =
            select.Qualify is null ? null : named.BindCondition(select.Qualify);
        IReadOnlyList<SortKey> order = BindOrder(orderBy, named);
        IReadOnlyList<Expression> distinctOn =
            [.. select.DistinctOn.Select(
                key => CollateExpression.Key(BindOrderKey(key, named)))];
        if (select.IsDistinct && _items.Any(item =>
            item.Expression is CollateExpression { Collation: not Collation.Binary }))
        {
            distinctOn = [.. _items.Select(item => CollateExpression.Key(item.Expression))];
        }

        if (keys.Keys.Count > 0 || keys.HasSets || having is not null
            || _aggregates.Aggregates.Count > 0)
        {
            var groups = new GroupBinder(binder, _aggregates, _windows, keys);
            Func<Expression, Expression> lift = groups.Lift;
            _items =
            [
                .. _items.Select(item => item with { Expression = lift(item.Expression) }),
            ];
            having = having is null ? null : lift(having);
            qualify = qualify is null ? null : lift(qualify);
            order = SortKey.Map(order, lift);
            distinctOn = [.. distinctOn.Select(lift)];
            _windows.Lift(lift);
            node = groups.Build(node);
            node = having is null ? node : new LogicalFilter(node, having);
        }

        node = _windows.Build(node);
        node = qualify is null ? node : new LogicalFilter(node, qualify);

        return distinctOn.Count > 0
            ? new DistinctOnBinder(binder).Bind(node, _items, distinctOn, order, select.Position)
            : Project(node, select, order);
    }

    private LogicalNode BindWhere(LogicalNode node, SelectSyntax select)
    {
        if (select.Where is not { } where)
        {
            return node;
        }

        var expressions = new ExpressionBinder(binder, _scope, "WHERE")
        {
            LateAliases = new ItemAliases(select.Items),
        };
        return new LogicalFilter(node, expressions.BindCondition(where));
    }

    private LogicalNode Project(
        LogicalNode node, SelectSyntax select, IReadOnlyList<SortKey> order)
    {
        if (order.Count == 0)
        {
            node = new LogicalProject(node, _items);
            return select.IsDistinct ? new LogicalDistinct(node) : node;
        }

        var columns = new List<ProjectedColumn>(_items);
        var keys = new List<SortKey>(order.Count);
        foreach (SortKey key in order)
        {
            keys.Add(key with { Expression = ColumnOf(key.Expression, columns) });
        }

        bool hasHidden = columns.Count > _items.Count;
        if (hasHidden && select.IsDistinct)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "With SELECT DISTINCT the items of ORDER BY must be among the items of SELECT.",
                select.Position);
        }

        node = new LogicalProject(node, columns);
        node = select.IsDistinct ? new LogicalDistinct(node) : node;
        node = new LogicalSort(node, keys);
        return hasHidden
            ? LogicalProject.Of(node, [.. _items.Select(item => item.Column)])
            : node;
    }

    private ColumnExpression ColumnOf(Expression expression, List<ProjectedColumn> columns)
    {
        ProjectedColumn? known = columns.Find(
            column => ExpressionEquality.AreEqual(column.Expression, expression));
        if (known is null)
        {
            OutputColumn column =
                binder.Identifiers.NewColumn(expression.ToString(), expression.Type);
            known = new ProjectedColumn(expression, column);
            columns.Add(known);
        }

        return new ColumnExpression(known.Column.Id, known.Column.Name, known.Column.Type);
    }

    private GroupKeys BindGroupBy(SelectSyntax select)
    {
        var expressions = new ExpressionBinder(binder, _scope, "GROUP BY")
        {
            Aliases = FindAlias,
        };
        var keys = new GroupKeys(syntax => BindKey(syntax, expressions));
        foreach (ExpressionSyntax syntax in select.GroupBy)
        {
            keys.Add(syntax);
        }

        if (select.IsGroupByAll)
        {
            foreach (ProjectedColumn item in _items.Where(item => !IsOfGroups(item.Expression)))
            {
                keys.Add(item.Expression);
            }
        }

        return keys;
    }

    private bool IsOfGroups(Expression expression) =>
        expression.Any(part => part is GroupingExpression || (part is ColumnExpression column
            && (_aggregates.Contains(column.Id) || _windows.Contains(column.Id))));

    private Expression BindKey(ExpressionSyntax syntax, ExpressionBinder expressions)
    {
        Expression key = OrderItems.Position(syntax, _items.Count) is { } position
            ? _items[position].Expression
            : expressions.Bind(syntax);
        return expressions.Aggregates is null && IsOfGroups(key)
            ? throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"GROUP BY names {key}, which is computed from the groups themselves.",
                syntax.Position)
            : key;
    }

    private Expression BindHaving(ExpressionSyntax syntax)
    {
        var expressions = new ExpressionBinder(binder, _scope, "HAVING")
        {
            Aggregates = _aggregates,
            Aliases = FindAlias,
        };
        Expression having = expressions.BindCondition(syntax);
        return having.Any(part => part is ColumnExpression column && _windows.Contains(column.Id))
            ? throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "HAVING comes before window functions; write their condition in QUALIFY.",
                syntax.Position)
            : having;
    }

    private List<SortKey> BindOrder(
        IReadOnlyList<OrderItemSyntax> orderBy, ExpressionBinder named)
    {
        var keys = new List<SortKey>(orderBy.Count);
        foreach (OrderItemSyntax item in OrderItems.Expand(orderBy, _items.Count))
        {
            Expression key = BindOrderKey(item.Expression, named);
            keys.Add(OrderItems.KeyOf(item, key, binder.NullPlacement));
        }

        return keys;
    }

    // A place or name of an item comes before columns of FROM.
    private Expression BindOrderKey(ExpressionSyntax syntax, ExpressionBinder named)
    {
        ExpressionSyntax bare = OrderItems.Uncollated(syntax);
        return OrderItems.Position(bare, _items.Count) is { } position
            ? OrderItems.Collated(syntax, _items[position].Expression)
            : bare is ColumnReferenceSyntax { Name: var name } && FindAlias(name) is { } aliased
                ? OrderItems.Collated(syntax, aliased)
                : named.Bind(syntax);
    }

    private Expression? FindAlias(NameSyntax name)
    {
        if (name.Qualifier is not null)
        {
            return null;
        }

        ProjectedColumn? found = null;
        foreach (ProjectedColumn item in _items)
        {
            if (string.Equals(item.Column.Name, name.Last, StringComparison.OrdinalIgnoreCase))
            {
                if (found is not null
                    && !ExpressionEquality.AreEqual(found.Expression, item.Expression))
                {
                    return null;
                }

                found = item;
            }
        }

        return found?.Expression;
    }
}
