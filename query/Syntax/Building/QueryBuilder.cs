using Antlr4.Runtime;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds queries. The table references are <see cref="TableBuilder"/>'s.</summary>
internal sealed class QueryBuilder
{
    private readonly BuilderScope _scope;
    private readonly ExpressionBuilder _expressions;
    private readonly SelectBuilder _selects;
    private readonly ChangeBuilder _changes;

    public QueryBuilder(BuilderScope scope, ExpressionBuilder expressions)
    {
        _scope = scope;
        _expressions = expressions;
        Tables = new TableBuilder(scope, expressions, this);
        _selects = new SelectBuilder(expressions, this);
        _changes = new ChangeBuilder(expressions);
        Orders = new LimitBuilder(expressions);
    }

    /// <summary>The builder of orders and limits.</summary>
    public LimitBuilder Orders { get; }

    /// <summary>The builder of what stands in FROM.</summary>
    public TableBuilder Tables { get; }

    /// <summary>Whether nothing follows a first term; true without a tail.</summary>
    public static bool IsEmpty(NeuroSql.QueryTailContext? tail) =>
        tail is null || tail.ChildCount == 0;

    public QuerySyntax Build(NeuroSql.QueryContext context)
    {
        if (context.plainQuery() is { } plain)
        {
            return Build(plain);
        }

        if (context.wholeTable() is { } table)
        {
            return BuildTable(context, table, context.queryTail());
        }

        _scope.Enter(1, context);
        QuerySyntax nested = Build(context.query());
        _scope.Leave(1);
        return BuildTail(context, nested, context.queryTail());
    }

    public QuerySyntax Build(NeuroSql.PlainQueryContext context)
    {
        List<CommonTableSyntax> with = [];
        if (context.withClause() is { } clause)
        {
            with.AddRange(BuildWith(clause));
        }

        return BuildWhole(
            context,
            with,
            context.queryTail(),
            context.queryTerm(),
            context.select(),
            context.values(),
            null);
    }

    /// <summary>
    /// A nested query with what follows it: the nested query itself if nothing does.
    /// </summary>
    public QuerySyntax BuildTail(
        ParserRuleContext context, QuerySyntax nested, NeuroSql.QueryTailContext tail)
    {
        if (IsEmpty(tail))
        {
            return nested;
        }

        NestedQuerySyntax first = new(nested) { Position = nested.Position };
        return Finish(context, [], first, tail);
    }

    /// <summary>TABLE t with what follows it.</summary>
    public QuerySyntax BuildTable(
        ParserRuleContext context,
        NeuroSql.WholeTableContext table,
        NeuroSql.QueryTailContext tail) =>
        BuildWhole(context, [], tail, null, null, null, table);

    /// <summary>The items of SELECT or RETURNING.</summary>
    public IReadOnlyList<SelectItemSyntax> BuildItems(NeuroSql.SelectItemContext[] contexts)
    {
        List<SelectItemSyntax> items = new(contexts.Length);
        foreach (NeuroSql.SelectItemContext context in contexts)
        {
            items.Add(_selects.BuildItem(context, _scope));
        }

        return items;
    }

    /// <summary>The items of WITH.</summary>
    public IReadOnlyList<CommonTableSyntax> BuildWith(NeuroSql.WithClauseContext context)
    {
        List<CommonTableSyntax> tables = [];
        foreach (NeuroSql.CommonTableContext table in context.commonTable())
        {
            tables.Add(BuildCommonTable(table, context.RECURSIVE() is not null));
        }

        return tables;
    }

    /// <summary>A query that stands as a statement of its own.</summary>
    public QuerySyntax Build(NeuroSql.StatementContext context)
    {
        if (context.query() is { } query)
        {
            _scope.Enter(1, context);
            QuerySyntax nested = Build(query);
            _scope.Leave(1);
            return BuildTail(context, nested, context.queryTail());
        }

        IReadOnlyList<CommonTableSyntax> with =
            context.withClause() is { } clause ? BuildWith(clause) : [];
        return BuildWhole(
            context,
            with,
            context.queryTail(),
            context.queryTerm(),
            context.select(),
            context.values(),
            context.wholeTable());
    }

    private QuerySyntax BuildWhole(
        ParserRuleContext context,
        IReadOnlyList<CommonTableSyntax> with,
        NeuroSql.QueryTailContext tail,
        NeuroSql.QueryTermContext? term,
        NeuroSql.SelectContext? select,
        NeuroSql.ValuesContext? values,
        NeuroSql.WholeTableContext? table)
    {
        int depth = tail.setTerm().Length;
        _scope.Enter(depth, context);
        QueryBodySyntax first = term is not null ? BuildTerm(term)
            : select is not null ? _selects.Build(select)
            : table is not null ? PrimaryBuilder.TableSelect(table.qualifiedName())
            : BuildValues(values!);
        _scope.Leave(depth);
        return Finish(context, with, first, tail);
    }

    private CommonTableSyntax BuildCommonTable(
        NeuroSql.CommonTableContext context, bool isRecursive)
    {
        _scope.Enter(1, context);
        StatementSyntax? change = _changes.BuildItem(context);
        QuerySyntax query = change is null ? Build(context.query()) : NoRows(context);
        _scope.Leave(1);
        return new CommonTableSyntax(
            BuilderScope.Identifier(context.name()),
            BuilderScope.Names(context.nameList()),
            query)
        {
            Position = BuilderScope.PositionOf(context),
            Change = change,
            IsRecursive = isRecursive,
            IsMaterialized = context.MATERIALIZED() is null ? null : context.NOT() is null,
        };
    }

    private QuerySyntax Finish(
        ParserRuleContext context,
        IReadOnlyList<CommonTableSyntax> with,
        QueryBodySyntax first,
        NeuroSql.QueryTailContext tail)
    {
        QueryBodySyntax body = BuildSetOperations(context, first, tail.setTerm());
        IReadOnlyList<OrderItemSyntax> order =
            tail.orderBy() is { } orderBy ? Orders.BuildOrder(orderBy) : [];
        var query = new QuerySyntax(with, body, order, null, null)
        {
            Position = BuilderScope.PositionOf(context),
            IsLocking = tail.rowLock().Length > 0,
        };
        return Orders.Build(query, tail.rowLimit());
    }

    // INTERSECT binds tighter than UNION and EXCEPT; all are left-associative.
    private QueryBodySyntax BuildSetOperations(
        ParserRuleContext context, QueryBodySyntax first, NeuroSql.SetTermContext[] terms)
    {
        _scope.Enter(terms.Length, context);
        QueryBodySyntax? left = null;
        NeuroSql.SetTermContext? pending = null;
        QueryBodySyntax current = first;
        foreach (NeuroSql.SetTermContext term in terms)
        {
            QueryBodySyntax right = BuildTerm(term.queryTerm());
            if (term.INTERSECT() is not null)
            {
                current = Combine(term, current, right);
                continue;
            }

            left = left is null ? current : Combine(pending!, left, current);
            pending = term;
            current = right;
        }

        _scope.Leave(terms.Length);
        return left is null ? current : Combine(pending!, left, current);
    }

    private static SetOperationSyntax Combine(
        NeuroSql.SetTermContext term, QueryBodySyntax left, QueryBodySyntax right)
    {
        SetOperator operation = term.UNION() is not null ? SetOperator.Union
            : term.EXCEPT() is not null ? SetOperator.Except
            : SetOperator.Intersect;
        return new SetOperationSyntax(operation, term.ALL() is not null, left, right)
        {
            Position = BuilderScope.PositionOf(term),
        };
    }

    private QueryBodySyntax BuildTerm(NeuroSql.QueryTermContext context)
    {
        if (context.select() is { } select)
        {
            return _selects.Build(select);
        }

        if (context.values() is { } values)
        {
            return BuildValues(values);
        }

        if (context.wholeTable() is { } table)
        {
            return PrimaryBuilder.TableSelect(table.qualifiedName());
        }

        _scope.Enter(1, context);
        QuerySyntax query = Build(context.query());
        _scope.Leave(1);
        return new NestedQuerySyntax(query) { Position = BuilderScope.PositionOf(context) };
    }

    /// <summary>A row of VALUES.</summary>
    public RowSyntax BuildRow(NeuroSql.RowContext context)
    {
        NeuroSql.RowValueContext[] contexts = context.rowValue();
        List<ExpressionSyntax> values = new(contexts.Length);
        _scope.Enter(1, context);
        foreach (NeuroSql.RowValueContext value in contexts)
        {
            values.Add(
                value.expression() is { } expression
                    ? _expressions.Build(expression)
                    : Default(value));
        }

        _scope.Leave(1);
        return new RowSyntax(values) { Position = BuilderScope.PositionOf(context) };
    }

    // What stands for the query of an item of WITH that is a change.
    private static QuerySyntax NoRows(ParserRuleContext context)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        var nothing = new LiteralExpressionSyntax(LiteralKind.Null, "") { Position = position };
        var values = new ValuesSyntax([new RowSyntax([nothing]) { Position = position }])
        {
            Position = position,
        };
        return new QuerySyntax([], values, [], null, null) { Position = position };
    }

    /// <summary>VALUES that stand in FROM without brackets.</summary>
    public QuerySyntax BuildRows(NeuroSql.ValuesContext context)
    {
        ValuesSyntax values = BuildValues(context);
        return new QuerySyntax([], values, [], null, null) { Position = values.Position };
    }

    private ValuesSyntax BuildValues(NeuroSql.ValuesContext context)
    {
        NeuroSql.RowContext[] rows = context.row();
        List<RowSyntax> built = new(rows.Length);
        foreach (NeuroSql.RowContext row in rows)
        {
            built.Add(BuildRow(row));
        }

        return new ValuesSyntax(built) { Position = BuilderScope.PositionOf(context) };
    }

    private static DefaultExpressionSyntax Default(ParserRuleContext context) =>
        new() { Position = BuilderScope.PositionOf(context) };
}
