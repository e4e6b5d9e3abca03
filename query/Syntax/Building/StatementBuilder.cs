using Antlr4.Runtime;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds one statement; the statements that define tables are elsewhere.</summary>
internal sealed class StatementBuilder
{
    private readonly BuilderScope _scope;
    private readonly ExpressionBuilder _expressions;
    private readonly DefinitionBuilder _definitions;

    /// <summary>A builder for one statement or expression of a script.</summary>
    public StatementBuilder(string sql)
    {
        _scope = new BuilderScope(sql);
        _expressions = new ExpressionBuilder(_scope);
        _definitions = new DefinitionBuilder(_scope, _expressions);
    }

    public ExpressionSyntax BuildExpression(NeuroSql.ExpressionContext context) =>
        _expressions.Build(context);

    public StatementSyntax Build(NeuroSql.OneStatementContext context)
    {
        if (context.explain() is not { } explain)
        {
            return Build(context.statement());
        }

        return Finish(
            explain,
            new ExplainStatementSyntax(explain.ANALYZE() is not null, Build(explain.statement())));
    }

    private StatementSyntax Build(NeuroSql.StatementContext context) =>
        Finish(context, context.GetChild(context.ChildCount - 1) switch
        {
            NeuroSql.QueryContext query =>
                new SelectStatementSyntax(_expressions.Queries.Build(query)),
            NeuroSql.InsertContext insert => BuildInsert(insert),
            NeuroSql.UpdateContext update => BuildUpdate(update),
            NeuroSql.DeleteContext delete => BuildDelete(delete),
            NeuroSql.CreateTableContext create => _definitions.BuildCreateTable(create),
            NeuroSql.CreateIndexContext create => _definitions.BuildCreateIndex(create),
            NeuroSql.DropContext drop => DefinitionBuilder.BuildDrop(drop),
            NeuroSql.TransactionContext transaction => BuildTransaction(transaction),
            NeuroSql.SettingContext setting => _definitions.BuildSetting(setting),
            _ => throw Invariant.Broken("every statement of the grammar has a builder"),
        });

    private StatementSyntax Finish(ParserRuleContext context, StatementSyntax statement) =>
        statement with
        {
            Position = BuilderScope.PositionOf(context),
            Text = _scope.TextOf(context),
            ParameterCount = _scope.ParameterCount,
            ParameterNames = _scope.ParameterNames(),
        };

    private InsertStatementSyntax BuildInsert(NeuroSql.InsertContext context)
    {
        QuerySyntax? source = BuildSource(context);
        return new InsertStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            BuilderScope.OptionalIdentifier(context.insertAlias()?.name()),
            BuilderScope.Names(context.name()),
            source,
            BuildReturning(context.returning()));
    }

    private QuerySyntax? BuildSource(NeuroSql.InsertContext context)
    {
        if (context.plainQuery() is { } plain)
        {
            return _expressions.Queries.Build(plain);
        }

        if (context.query() is not { } query)
        {
            return null;
        }

        QuerySyntax source = _expressions.Queries.Build(query);
        return context.queryTail() is { } tail
            ? _expressions.Queries.BuildTail(context, source, tail)
            : source;
    }

    private UpdateStatementSyntax BuildUpdate(NeuroSql.UpdateContext context)
    {
        List<AssignmentSyntax> assignments = [];
        foreach (NeuroSql.AssignmentContext assignment in context.assignment())
        {
            SourcePosition position = BuilderScope.PositionOf(assignment);
            ExpressionSyntax value = assignment.expression() is { } expression
                ? _expressions.Build(expression)
                : new DefaultExpressionSyntax { Position = position };
            assignments.Add(
                new AssignmentSyntax(BuilderScope.Identifier(assignment.name()), value)
                {
                    Position = position,
                });
        }

        Invariant.Check(assignments.Count > 0);
        return new UpdateStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            TableBuilder.Alias(context.alias()),
            assignments,
            _expressions.BuildOptional(context.where()?.expression()),
            BuildReturning(context.returning()));
    }

    private DeleteStatementSyntax BuildDelete(NeuroSql.DeleteContext context) =>
        new(
            BuilderScope.Name(context.qualifiedName()),
            TableBuilder.Alias(context.alias()),
            _expressions.BuildOptional(context.where()?.expression()),
            BuildReturning(context.returning()));

    private IReadOnlyList<SelectItemSyntax> BuildReturning(NeuroSql.ReturningContext? context) =>
        context is null ? [] : _expressions.Queries.BuildItems(context.selectItem());

    private static StatementSyntax BuildTransaction(NeuroSql.TransactionContext context)
    {
        IdentifierSyntax? name = BuilderScope.OptionalIdentifier(context.name());
        switch (context.Start.Type)
        {
            case NeuroSql.BEGIN:
            case NeuroSql.START:
                return new BeginStatementSyntax();
            case NeuroSql.COMMIT:
            case NeuroSql.END:
                return new CommitStatementSyntax();
            case NeuroSql.ROLLBACK:
                return new RollbackStatementSyntax(name);
        }

        Invariant.Check(name is not null);
        return context.Start.Type == NeuroSql.SAVEPOINT
            ? new SavepointStatementSyntax(name)
            : new ReleaseStatementSyntax(name);
    }
}
