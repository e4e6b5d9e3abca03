namespace NeuroDb.Query;

/// <summary>Binds whole queries: WITH, the body, ORDER BY, LIMIT and OFFSET.</summary>
internal sealed class QueryBinder(Binder binder, QueryEnvironment environment)
{
    /// <summary>The plan of a query.</summary>
    public LogicalNode Bind(QuerySyntax query)
    {
        QueryEnvironment inner = WithTables(query);
        QueryBinder body = ReferenceEquals(inner, environment) ? this : new(binder, inner);
        return body.BindOrdered(query);
    }

    /// <summary>The same rows with columns of other types.</summary>
    public static LogicalNode Convert(
        Binder binder,
        LogicalNode input,
        IReadOnlyList<DataType> types,
        SourcePosition position)
    {
        IReadOnlyList<OutputColumn> output = input.Output;
        Invariant.Check(output.Count == types.Count);
        var columns = new ProjectedColumn[types.Count];
        bool changes = false;
        for (int i = 0; i < columns.Length; i++)
        {
            OutputColumn column = output[i];
            Expression expression = new ColumnExpression(column.Id, column.Name, column.Type);
            if (column.Type != types[i])
            {
                changes = true;
                expression = ExpressionFactory.Convert(expression, types[i], position);
                column = binder.Identifiers.NewColumn(column.Name, types[i], column.IsNullable);
            }

            columns[i] = new ProjectedColumn(expression, column);
        }

        return changes ? new LogicalProject(input, columns) : input;
    }

    /// <summary>What the body of a query sees: the items of its WITH too.</summary>
    public QueryEnvironment WithTables(QuerySyntax query) => environment.With(query.With);

    /// <summary>The rows that LIMIT and OFFSET of a query leave.</summary>
    public LogicalNode Limit(LogicalNode node, QuerySyntax query)
    {
        if (query.Limit is null && query.Offset is null)
        {
            return node;
        }

        Expression? limit = BindCount(query.Limit, "LIMIT");
        Expression? offset = BindCount(query.Offset, "OFFSET");
        return node is LogicalProject { Input: LogicalSort } trimmed
            ? trimmed.WithChildren([new LogicalLimit(trimmed.Input, limit, offset)])
            : new LogicalLimit(node, limit, offset);
    }

    private LogicalNode BindOrdered(QuerySyntax query)
    {
        if (query.IsLocking)
        {
            binder.Notices.Add(
                "FOR UPDATE and its like lock nothing here: whoever commits first wins, and a "
                + "change of the same row is refused at its commit.");
        }

        QueryBodySyntax body = query.Body;
        LogicalNode node = body is SelectSyntax select
            ? new SelectBinder(binder, environment).Bind(select, query.OrderBy)
            : BindSorted(body, query.OrderBy);
        return Limit(node, query);
    }

    private Expression? BindCount(ExpressionSyntax? syntax, string clause)
    {
        if (syntax is null)
        {
            return null;
        }

        var scope = new Scope(environment with { Outer = null });
        Expression count = new ExpressionBinder(binder, scope, clause).Bind(syntax);
        return ExpressionFactory.Assign(count, DataType.BigInt, syntax.Position);
    }

    private LogicalNode BindSorted(QueryBodySyntax body, IReadOnlyList<OrderItemSyntax> orderBy)
    {
        LogicalNode node = BindBody(body);
        if (orderBy.Count == 0)
        {
            return node;
        }

        var scope = new Scope(environment);
        scope.AddAll(null, node.Output);
        var expressions = new ExpressionBinder(binder, scope, "ORDER BY");
        var keys = new List<SortKey>(orderBy.Count);
        foreach (OrderItemSyntax item in OrderItems.Expand(orderBy, node.Output.Count))
        {
            ExpressionSyntax bare = OrderItems.Uncollated(item.Expression);
            Expression key = OrderItems.Position(bare, node.Output.Count) is { } position
                ? OrderItems.Collated(item.Expression, scope.Columns[position].Expression)
                : expressions.Bind(item.Expression);
            keys.Add(OrderItems.KeyOf(item, key, binder.NullPlacement));
        }

        return new LogicalSort(node, keys);
    }

    /// <summary>The body of a query, without its order.</summary>
    public LogicalNode BindBody(QueryBodySyntax body) => body switch
    {
        SelectSyntax select => new SelectBinder(binder, environment).Bind(select, []),
        NestedQuerySyntax nested => Bind(nested.Query),
        ValuesSyntax values => BindValues(values),
        SetOperationSyntax operation => BindSetOperation(operation),
        _ => throw Invariant.Broken($"binding of {body.GetType().Name}"),
    };

    private LogicalValues BindValues(ValuesSyntax values)
    {
        int width = values.Rows[0].Values.Count;
        var expressions = new ExpressionBinder(binder, new Scope(environment), "VALUES");
        var rows = new List<Expression[]>(values.Rows.Count);
        var types = new DataType[width];
        foreach (RowSyntax row in values.Rows)
        {
            if (row.Values.Count != width)
            {
                throw new NeuroStoreException(
                    ErrorCode.WrongColumnCount,
                    $"The rows of VALUES differ in length: {width} and {row.Values.Count} values.",
                    row.Position);
            }

            var bound = new Expression[width];
            for (int i = 0; i < width; i++)
            {
                bound[i] = expressions.Bind(row.Values[i]);
                types[i] = rows.Count == 0
                    ? bound[i].Type
                    : ExpressionFactory.CommonType(types[i], bound[i].Type, row.Position);
            }

            rows.Add(bound);
        }

        foreach (Expression[] row in rows)
        {
            for (int i = 0; i < width; i++)
            {
                row[i] = ExpressionFactory.Convert(row[i], types[i], values.Position);
            }
        }

        OutputColumn[] output =
            [.. types.Select((type, i) => binder.Identifiers.NewColumn($"column{i + 1}", type))];
        return new LogicalValues(output, rows);
    }

    private LogicalNode BindSetOperation(SetOperationSyntax operation)
    {
        LogicalNode left = BindBody(operation.Left);
        LogicalNode right = BindBody(operation.Right);
        if (left.Output.Count != right.Output.Count)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"{operation.Operator} joins {left.Output.Count} columns with "
                + $"{right.Output.Count}; both sides must give as many.",
                operation.Position);
        }

        var types = new DataType[left.Output.Count];
        var output = new OutputColumn[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            OutputColumn column = left.Output[i];
            types[i] = ExpressionFactory.CommonType(
                column.Type, right.Output[i].Type, operation.Position);
            output[i] = binder.Identifiers.NewColumn(
                column.Name, types[i], column.IsNullable || right.Output[i].IsNullable);
        }

        IReadOnlyList<Collation> collations =
            operation.IsAll ? [] : CollatedSetBinder.Of(left, right);
        left = Convert(binder, left, types, operation.Position);
        right = Convert(binder, right, types, operation.Position);
        return collations.Count > 0
            ? new CollatedSetBinder(binder, operation, collations).Bind(left, right, output)
            : new LogicalSetOperation(
                operation.Operator, operation.IsAll, left, right, output);
    }
}
