using Antlr4.Runtime;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds one statement; the statements that define tables are elsewhere.</summary>
internal sealed class StatementBuilder
{
    private readonly BuilderScope _scope;
    private readonly ParameterTable _parameters;
    private readonly ExpressionBuilder _expressions;
    private readonly DefinitionBuilder _definitions;
    private readonly IndexBuilder _indexes;
    private readonly ChangeBuilder _changes;
    private readonly ObjectBuilder _objects;
    private readonly ModelBuilder _models;

    /// <summary>A builder for one statement or expression of a script.</summary>
    public StatementBuilder(string sql, ParameterTable parameters)
    {
        _scope = new BuilderScope(sql);
        _parameters = parameters;
        _expressions = new ExpressionBuilder(_scope);
        _definitions = new DefinitionBuilder(_scope, _expressions);
        _indexes = new IndexBuilder(_scope, _expressions, _definitions);
        _changes = new ChangeBuilder(_expressions);
        _objects = new ObjectBuilder(_scope, _expressions, _definitions);
        _models = new ModelBuilder(_scope, _expressions, _definitions);
    }

    public ExpressionSyntax BuildExpression(NeuroSql.ExpressionContext context) =>
        _expressions.Build(context);

    public StatementSyntax Build(NeuroSql.OneStatementContext context)
    {
        if (context.explain() is not { } explain)
        {
            return Build(context.statement());
        }

        return Finish(explain, BuildExplain(explain));
    }

    private StatementSyntax BuildExplain(NeuroSql.ExplainContext context)
    {
        if (context.modelName() is { } model)
        {
            return new ExplainModelStatementSyntax(ModelBuilder.BuildName(model));
        }

        if (context.explainPrediction() is { } prediction)
        {
            return _models.BuildExplain(prediction);
        }

        bool isAnalyze = context.ANALYZE() is not null;
        bool isJson = false;
        foreach (NeuroSql.ExplainOptionContext option in context.explainOption())
        {
            string word = option.name().Start.Text.ToUpperInvariant();
            string value = option.simpleExpression()?.Start.Text.ToUpperInvariant() ?? "TRUE";
            switch (word, value)
            {
                case ("ANALYZE", "TRUE" or "FALSE"):
                    isAnalyze = value == "TRUE";
                    break;
                case ("FORMAT", "JSON" or "TEXT"):
                    isJson = value == "JSON";
                    break;
                case ("COSTS" or "VERBOSE" or "TIMING" or "BUFFERS" or "SUMMARY" or "SETTINGS",
                    "TRUE" or "FALSE" or "ON" or "OFF"):
                    break;
                default:
                    throw SyntaxErrors.Expected(
                        (SqlToken)option.Start, "ANALYZE, FORMAT TEXT or FORMAT JSON");
            }
        }

        return new ExplainStatementSyntax(isAnalyze, Build(context.statement()))
        {
            IsJson = isJson,
        };
    }

    private StatementSyntax Build(NeuroSql.StatementContext context) =>
        Finish(context, context.GetChild(context.ChildCount - 1) switch
        {
            NeuroSql.QueryTailContext => BuildSelect(_expressions.Queries.Build(context)),
            NeuroSql.InsertContext insert =>
                _changes.BuildInsert(context.withClause(), insert),
            NeuroSql.UpdateContext update =>
                _changes.BuildUpdate(context.withClause(), update),
            NeuroSql.DeleteContext delete =>
                _changes.BuildDelete(context.withClause(), delete),
            NeuroSql.MergeContext merge => _changes.BuildMerge(context.withClause(), merge),
            NeuroSql.PreparedContext prepared => BuildPrepared(prepared),
            NeuroSql.CreateTableContext or NeuroSql.CreateViewContext
                or NeuroSql.CreateTriggerContext or NeuroSql.CreateSequenceContext
                or NeuroSql.CreateIndexContext or NeuroSql.CreateModelContext
                or NeuroSql.CreateExternalContext or NeuroSql.CreateSchemaContext
                or NeuroSql.CreateFunctionContext or NeuroSql.CreateTypeContext
                or NeuroSql.CreateDomainContext =>
                BuildCreate(context),
            NeuroSql.AlterTableContext alter => _objects.BuildAlterTable(alter),
            NeuroSql.AlterObjectContext alter => ObjectBuilder.BuildAlterObject(alter),
            NeuroSql.TruncateContext truncate => new TruncateStatementSyntax(
                [.. truncate.qualifiedName().Select(BuilderScope.Name)]),
            NeuroSql.AnalyzeContext analyze => new AnalyzeStatementSyntax(
                analyze.qualifiedName() is { } table ? BuilderScope.Name(table) : null),
            NeuroSql.CommentContext comment => ObjectBuilder.BuildComment(comment),
            NeuroSql.AlterModelContext alter => _models.BuildAlter(alter),
            NeuroSql.ModelStatementContext model => _models.Build(model),
            NeuroSql.DropContext drop when drop.dropModel() is { } model =>
                ModelBuilder.BuildDrop(model),
            NeuroSql.DropContext drop => ObjectBuilder.BuildDrop(drop),
            NeuroSql.AlterIndexContext alter => IndexBuilder.BuildAlter(alter),
            NeuroSql.ReindexContext reindex => IndexBuilder.BuildReindex(reindex),
            NeuroSql.TransactionContext transaction => BuildTransaction(transaction),
            NeuroSql.SettingContext setting => _definitions.BuildSetting(setting),
            NeuroSql.MaintenanceContext maintenance =>
                new MaintenanceStatementSyntax(
                    maintenance.VACUUM() is not null,
                    maintenance.TEXT_STRING() is { } target
                        ? BuilderScope.TokenOf(target).StringText()
                        : null),
            NeuroSql.CopyContext copy => _changes.BuildCopy(copy),
            _ => throw Invariant.Broken("every statement of the grammar has a builder"),
        });

    // SELECT .. INTO t is CREATE TABLE t AS SELECT ..
    private static StatementSyntax BuildSelect(QuerySyntax query) =>
        query.Body is SelectSyntax { Into: { } table } select
            ? new CreateTableStatementSyntax(
                table, false, [], [], query with { Body = select with { Into = null } })
            {
                IsTemporary = select.IsIntoTemporary,
            }
            : new SelectStatementSyntax(query);

    private StatementSyntax BuildCreate(NeuroSql.StatementContext context)
    {
        bool orReplace = context.REPLACE() is not null;
        bool isTemporary = context.TEMP() is not null || context.TEMPORARY() is not null;
        if (context.IDENTIFIER() is { } range
            && BuilderScope.TokenOf(range) is var word
            && !word.Span.Equals("LOCAL", StringComparison.OrdinalIgnoreCase)
            && !word.Span.Equals("GLOBAL", StringComparison.OrdinalIgnoreCase))
        {
            throw SyntaxErrors.Expected(word, "LOCAL, GLOBAL or TEMP");
        }

        StatementSyntax create = context.GetChild(context.ChildCount - 1) switch
        {
            NeuroSql.CreateTableContext table => _definitions.BuildCreateTable(table) with
            {
                OrReplace = orReplace,
                IsTemporary = isTemporary,
            },
            NeuroSql.CreateViewContext view => _objects.BuildCreateView(view) with
            {
                OrReplace = orReplace,
                IsTemporary = isTemporary,
            },
            NeuroSql.CreateTriggerContext trigger => _objects.BuildCreateTrigger(trigger),
            NeuroSql.CreateSequenceContext sequence => ObjectBuilder.BuildCreateSequence(sequence),
            NeuroSql.CreateTypeContext type => _objects.BuildCreateType(type),
            NeuroSql.CreateDomainContext domain => _objects.BuildCreateDomain(domain),
            NeuroSql.CreateIndexContext index => _indexes.Build(index),
            NeuroSql.CreateSchemaContext schema => ObjectBuilder.BuildCreateSchema(schema),
            NeuroSql.CreateFunctionContext function =>
                new FunctionBuilder(_expressions).Build(function) with
                {
                    OrReplace = orReplace,
                    IsTemporary = isTemporary,
                },
            NeuroSql.CreateModelContext model => _models.BuildCreate(model) with
            {
                OrReplace = orReplace,
            },
            NeuroSql.CreateExternalContext model => ModelBuilder.BuildExternal(model) with
            {
                OrReplace = orReplace,
            },
            _ => throw Invariant.Broken("every CREATE of the grammar has a builder"),
        };
        if (create is CreateModelStatementSyntax or CreateExternalModelStatementSyntax
            && isTemporary)
        {
            throw SyntaxErrors.Expected(
                BuilderScope.TokenOf(context.GetChild(orReplace ? 3 : 1)), "MODEL");
        }

        bool isPlain = create is CreateIndexStatementSyntax or CreateSequenceStatementSyntax
            or CreateTriggerStatementSyntax or CreateTypeStatementSyntax or SchemaStatementSyntax;
        bool isLasting = create is CreateIndexStatementSyntax or CreateTypeStatementSyntax;
        return isPlain && (orReplace || (isTemporary && isLasting))
            ? throw SyntaxErrors.Expected(
                BuilderScope.TokenOf(context.GetChild(1)), "TABLE or VIEW")
            : create;
    }

    private StatementSyntax Finish(ParserRuleContext context, StatementSyntax statement) =>
        statement with
        {
            Position = BuilderScope.PositionOf(context),
            Text = _scope.TextOf(context),
            ParameterCount = statement is PrepareStatementSyntax ? 0 : _parameters.Count,
            ParameterNames =
                statement is PrepareStatementSyntax ? [] : _parameters.Names(),
            NameParameters =
                statement is PrepareStatementSyntax ? [] : _parameters.NameNumbers,
        };

    // What is prepared has its parameters for itself, and is parsed again from its text.
    private StatementSyntax BuildPrepared(NeuroSql.PreparedContext context)
    {
        IdentifierSyntax? name = BuilderScope.OptionalIdentifier(context.name());
        if (context.statement() is { } statement)
        {
            string sql = Build(statement).Text;
            return new PrepareStatementSyntax(
                name!, [.. context.columnType().Select(ExpressionBuilder.BuildType)], sql);
        }

        if (context.DEALLOCATE() is not null)
        {
            return new DeallocateStatementSyntax(name);
        }

        IReadOnlyList<ExpressionSyntax> values = _expressions.BuildAll(context.expression());
        if (values.Count == 0)
        {
            return new ExecuteStatementSyntax(name!, null);
        }

        SourcePosition position = BuilderScope.PositionOf(context);
        var select = new SelectSyntax(
            false,
            [.. values.Select(value => new ExpressionItemSyntax(value, null, "value")
            {
                Position = value.Position,
            })],
            [],
            null,
            [],
            null)
        {
            Position = position,
        };
        var query = new QuerySyntax([], select, [], null, null) { Position = position };
        return new ExecuteStatementSyntax(
            name!, (SelectStatementSyntax)Finish(context, new SelectStatementSyntax(query)));
    }

    // READ WRITE is what every transaction is; DEFERRABLE is of systems that wait.
    private static BeginStatementSyntax BuildBegin(NeuroSql.TransactionModesContext? context)
    {
        TransactionIsolation? isolation = null;
        bool isReadOnly = false;
        foreach (NeuroSql.TransactionModeContext mode in context?.transactionMode() ?? [])
        {
            if (mode.ISOLATION() is not null)
            {
                isolation = BuildIsolation(mode);
            }
            else if (mode.DEFERRABLE() is null)
            {
                string words = string.Join(' ', mode.children.Select(static child =>
                    child.GetText().ToUpperInvariant()));
                isReadOnly = words switch
                {
                    "READ ONLY" => true,
                    "READ WRITE" => false,
                    _ => throw SyntaxErrors.Expected(
                        (SqlToken)mode.Start, "ISOLATION LEVEL, READ ONLY or READ WRITE"),
                };
            }
        }

        return new BeginStatementSyntax(isolation) { IsReadOnly = isReadOnly };
    }

    private static TransactionIsolation BuildIsolation(NeuroSql.TransactionModeContext context)
    {
        string words = string.Join(
            ' ', BuilderScope.Names(context.name()).Select(static name => name.Name));
        return words.ToUpperInvariant() switch
        {
            "SERIALIZABLE" => TransactionIsolation.Serializable,
            "SNAPSHOT" or "REPEATABLE READ" or "READ COMMITTED" or "READ UNCOMMITTED" =>
                TransactionIsolation.Snapshot,
            _ => throw new SyntaxException(
                ErrorCode.SyntaxError,
                $"There is no isolation level {words}; the levels are SERIALIZABLE and SNAPSHOT, "
                + "which REPEATABLE READ, READ COMMITTED and READ UNCOMMITTED give as well.",
                BuilderScope.PositionOf(context)),
        };
    }

    private static StatementSyntax BuildTransaction(NeuroSql.TransactionContext context)
    {
        if (context.MODEL() is not null)
        {
            return new RollbackModelStatementSyntax(BuilderScope.Name(context.qualifiedName()));
        }

        IdentifierSyntax? name = BuilderScope.OptionalIdentifier(context.name());
        switch (context.Start.Type)
        {
            case NeuroSql.BEGIN:
            case NeuroSql.START:
                return BuildBegin(context.transactionModes());
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
