namespace NeuroDb.Query;

/// <summary>
/// Binds MERGE: the plan joins the rows of the source with those of the table, as far out as the
/// clauses ask, and gives the columns of the table, where its row lies, those of the source, and
/// last a mark that is NULL where there is no row of the source.
/// </summary>
internal sealed class MergeBinder
{
    private readonly MergeStatementSyntax _syntax;
    private readonly Binder _binder;
    private readonly Planner _planner;
    private readonly LogicalScan _scan;
    private readonly LogicalNode _source;
    private readonly Scope _sourceScope;
    private readonly Scope _both;

    private MergeBinder(MergeStatementSyntax syntax, Binder binder)
    {
        _syntax = syntax;
        _binder = binder;
        binder.UseTables(syntax.With);
        _planner = new Planner(binder.Identifiers);
        _scan = binder.Scan(
            binder.BindTable(syntax.Table), syntax.Alias?.Name, withRowAddress: true);
        _sourceScope = binder.NewScope();
        LogicalNode source = new FromBinder(binder, binder.Environment)
            .Bind([syntax.Source], _sourceScope);
        if (_sourceScope.HasTable(_scan.Alias))
        {
            throw new NeuroStoreException(
                ErrorCode.DuplicateName,
                $"The name {_scan.Alias} stands for the table and in its source; give one of them "
                + "an alias.",
                syntax.Source.Position);
        }

        OutputColumn mark = binder.Identifiers.NewColumn("is there", DataType.Boolean, false);
        _source = new LogicalProject(source,
        [
            .. source.Output.Select(static column => new ProjectedColumn(
                new ColumnExpression(column.Id, column.Name, column.Type), column)),
            new ProjectedColumn(
                new ConstantExpression(Value.Of(true), DataType.Boolean), mark),
        ]);
        _both = binder.NewScope();
        foreach (ScopeColumn column in _sourceScope.Columns)
        {
            _both.Add(column);
        }

        _both.AddAll(_scan);
    }

    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(MergeStatementSyntax syntax, Binder binder) =>
        new MergeBinder(syntax, binder).Bind();

    private BoundMerge Bind()
    {
        OutputColumn[] columns = [.. _scan.Output, .. _source.Output];
        LogicalNode joined = Join();
        MergeClause[] clauses = [.. _syntax.Clauses.Select(clause => Bind(clause, columns))];
        var writer = new TableWriter(_scan.Table, _syntax.Alias, [], _binder);
        PlanNode plan = _planner.Plan(LogicalProject.Of(joined, [.. columns.Select(column =>
            joined.Output.First(output => output.Id == column.Id))]));
        (OutputColumn[] returned, Expression[] returning) = BindReturning();
        return new BoundMerge(writer, plan, clauses, returned, returning);
    }

    private LogicalJoin Join()
    {
        Expression on = BindCondition();
        bool Has(MergeMatch match) => _syntax.Clauses.Any(clause => clause.Match == match);
        return (Has(MergeMatch.NotMatchedByTarget), Has(MergeMatch.NotMatchedBySource)) switch
        {
            (true, true) => new LogicalJoin(JoinKind.Full, _source, _scan, on),
            (true, false) => new LogicalJoin(JoinKind.Left, _source, _scan, on),
            (false, true) => new LogicalJoin(JoinKind.Left, _scan, _source, on),
            _ => new LogicalJoin(JoinKind.Inner, _source, _scan, on),
        };
    }

    private Expression BindCondition()
    {
        if (_syntax.On is { } on)
        {
            return _binder.BindCondition(on, _both);
        }

        Scope target = _binder.ScopeOf(_scan);
        return ExpressionFactory.And([.. _syntax.Using.Select(name =>
        {
            var column = new NameSyntax([name]) { Position = name.Position };
            (Expression left, Expression right) = CollateExpression.Keys(
                target.Resolve(column), _sourceScope.Resolve(column));
            return ExpressionFactory.Binary(
                BinaryOperator.Equal, left, right, name.Position);
        })]);
    }

    private MergeClause Bind(MergeClauseSyntax clause, OutputColumn[] columns)
    {
        Scope scope = clause.Match switch
        {
            MergeMatch.NotMatchedByTarget => _sourceScope,
            MergeMatch.NotMatchedBySource => _binder.ScopeOf(_scan),
            _ => _both,
        };
        TableSchema schema = _scan.Table.Schema;
        Expression?[] values = clause.Action switch
        {
            MergeAction.Update =>
                UpdateBinder.BindAssignments(clause.Assignments, _scan.Table, scope, _binder),
            MergeAction.Insert => InsertBinder.BindValues(
                clause.Row,
                InsertBinder.Targets(clause.Columns, schema),
                _scan.Table,
                scope,
                _binder,
                clause.IsOverriding),
            _ => [],
        };
        return new MergeClause(
            clause.Match,
            clause.Condition is null
                ? null
                : _planner.Resolve(_binder.BindCondition(clause.Condition, scope), columns),
            clause.Action,
            [.. values.Select(value =>
                value is null ? null : _planner.Resolve(value, columns))]);
    }

    private (OutputColumn[] Columns, Expression[] Items) BindReturning()
    {
        if (_syntax.Returning.Count == 0)
        {
            return ([], []);
        }

        OutputColumn action = MergeScope.AddAction(_both, _binder.Identifiers);
        OutputColumn[] input =
            [.. _source.Output.SkipLast(1), .. _scan.Output.SkipLast(1), action];
        IReadOnlyList<ProjectedColumn> items = _binder.BindItems(_syntax.Returning, _both);
        return (
            [.. items.Select(static item => item.Column)],
            [.. items.Select(item => _planner.Resolve(item.Expression, input))]);
    }
}
