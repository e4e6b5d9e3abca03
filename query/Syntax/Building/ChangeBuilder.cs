using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the statements that change rows: INSERT, UPDATE and DELETE.</summary>
internal sealed partial class ChangeBuilder(ExpressionBuilder expressions)
{
    /// <summary>INSERT and REPLACE.</summary>
    public InsertStatementSyntax BuildInsert(
        NeuroSql.WithClauseContext? with, NeuroSql.InsertContext context)
    {
        IReadOnlyList<CommonTableSyntax> tables = BuildWith(with);
        QuerySyntax? source = BuildSource(context);
        ConflictResolution resolution = context.REPLACE() is not null
            ? ConflictResolution.Replace
            : ResolutionOf(context.OR() is null ? null : context.name(0));
        NeuroSql.NameContext[] columns = context.OR() is null
            ? context.name()
            : context.name()[1..];
        columns = context.BY() is null ? columns : columns[..^1];
        List<ConflictSyntax> conflicts = [];
        foreach (NeuroSql.OnConflictContext conflict in context.onConflict())
        {
            conflicts.Add(BuildConflict(conflict));
        }

        if (conflicts.Count > 0 && resolution != ConflictResolution.Fail)
        {
            throw SyntaxErrors.At(
                conflicts[0].Position, "INSERT takes OR or ON CONFLICT, not both");
        }

        return new InsertStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            BuilderScope.OptionalIdentifier(context.insertAlias()?.name()),
            BuilderScope.Names(columns),
            source,
            BuildReturning(context.returning()))
        {
            With = tables,
            Resolution = resolution,
            Conflicts = conflicts,
            IsOverriding = context.overriding() is { } overriding && IsSystem(overriding),
            IsByName = context.BY() is not null && IsByName(context.name()[^1]),
        };
    }

    /// <summary>COPY.</summary>
    public CopyStatementSyntax BuildCopy(NeuroSql.CopyContext context)
    {
        List<OptionSyntax> options = [];
        foreach (NeuroSql.CopyOptionContext option in context.copyOption())
        {
            SourcePosition position = BuilderScope.PositionOf(option);
            options.Add(
                new OptionSyntax(
                    BuilderScope.Identifier((SqlToken)option.Start),
                    option.simpleExpression() is { } value
                        ? expressions.Build(value)
                        : new LiteralExpressionSyntax(LiteralKind.Boolean, "true")
                        {
                            Position = position,
                        })
                {
                    Position = position,
                });
        }

        return new CopyStatementSyntax(
            context.qualifiedName() is { } table ? BuilderScope.Name(table) : null,
            BuilderScope.Names(context.nameList()),
            context.query() is { } query ? expressions.Queries.Build(query) : null,
            context.FROM() is not null,
            ExpressionBuilder.BuildConstant(
                (SqlToken)(context.TEXT_STRING() ?? context.PARAMETER()).Symbol),
            options);
    }

    /// <summary>UPDATE.</summary>
    public UpdateStatementSyntax BuildUpdate(
        NeuroSql.WithClauseContext? with, NeuroSql.UpdateContext context)
    {
        IReadOnlyList<CommonTableSyntax> tables = BuildWith(with);
        List<AssignmentSyntax> assignments = BuildAssignments(context.assignment());
        return new UpdateStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            TableBuilder.Alias(context.alias()),
            assignments,
            expressions.BuildOptional(context.where()?.expression()),
            BuildReturning(context.returning()))
        {
            With = tables,
            Resolution = ResolutionOf(context.OR() is null ? null : context.name()),
            From = expressions.Queries.Tables.BuildAll(context.tableReference()),
            Picked = BuildPicked(context.orderBy(), context.rowLimit()),
        };
    }

    /// <summary>DELETE.</summary>
    public DeleteStatementSyntax BuildDelete(
        NeuroSql.WithClauseContext? with, NeuroSql.DeleteContext context)
    {
        IReadOnlyList<CommonTableSyntax> tables = BuildWith(with);
        return new DeleteStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            TableBuilder.Alias(context.alias()),
            expressions.BuildOptional(context.where()?.expression()),
            BuildReturning(context.returning()))
        {
            With = tables,
            Using = expressions.Queries.Tables.BuildAll(context.tableReference()),
            Picked = BuildPicked(context.orderBy(), context.rowLimit()),
        };
    }

    private QuerySyntax? BuildPicked(
        NeuroSql.OrderByContext? order, NeuroSql.RowLimitContext[] limits)
    {
        if (order is null && limits.Length == 0)
        {
            return null;
        }

        if (order?.ALL() is { } all)
        {
            throw SyntaxErrors.Expected(BuilderScope.TokenOf(all), "an expression");
        }

        if (Array.Find(limits, static limit => limit.WITH() is not null) is { } tied)
        {
            throw SyntaxErrors.Expected(BuilderScope.TokenOf(tied.WITH()), "ONLY");
        }

        LimitBuilder builder = expressions.Queries.Orders;
        return builder.Build(
            new QuerySyntax(
                [],
                new ValuesSyntax([]),
                order is null ? [] : builder.BuildOrder(order),
                null,
                null),
            limits);
    }

    private IReadOnlyList<CommonTableSyntax> BuildWith(NeuroSql.WithClauseContext? context) =>
        context is null ? [] : expressions.Queries.BuildWith(context);

    private IReadOnlyList<SelectItemSyntax> BuildReturning(NeuroSql.ReturningContext? context) =>
        context is null ? [] : expressions.Queries.BuildItems(context.selectItem());

    private static ConflictResolution ResolutionOf(NeuroSql.NameContext? context) =>
        context?.Start.Text.ToUpperInvariant() switch
        {
            null or "ABORT" or "FAIL" or "ROLLBACK" => ConflictResolution.Fail,
            "IGNORE" => ConflictResolution.Ignore,
            "REPLACE" => ConflictResolution.Replace,
            _ => throw SyntaxErrors.Expected(
                (SqlToken)context.Start, "REPLACE, IGNORE, ABORT, FAIL or ROLLBACK"),
        };

    private QuerySyntax? BuildSource(NeuroSql.InsertContext context)
    {
        if (context.plainQuery() is { } plain)
        {
            return expressions.Queries.Build(plain);
        }

        if (context.query() is not { } query)
        {
            return null;
        }

        QuerySyntax source = expressions.Queries.Build(query);
        return context.queryTail() is { } tail
            ? expressions.Queries.BuildTail(context, source, tail)
            : source;
    }

    private ConflictSyntax BuildConflict(NeuroSql.OnConflictContext context)
    {
        NeuroSql.WhereContext[] conditions = context.where();
        int action = context.DO().Symbol.StartIndex;
        NeuroSql.WhereContext? ofKey =
            Array.Find(conditions, condition => condition.Start.StartIndex < action);
        NeuroSql.WhereContext? ofChange =
            Array.Find(conditions, condition => condition.Start.StartIndex > action);
        NeuroSql.IndexColumnContext[] keys = context.indexColumn();
        bool isPlain = ofKey is null && keys.All(IndexBuilder.IsColumn);
        return new ConflictSyntax(
            isPlain ? [.. keys.Select(IndexBuilder.ColumnOf)] : [],
            BuilderScope.OptionalIdentifier(context.name()),
            BuildAssignments(context.assignment()),
            expressions.BuildOptional(ofChange?.expression()))
        {
            Keys = isPlain
                ? []
                : expressions.BuildAll([.. keys.Select(static key => key.expression())]),
            KeyWhere = expressions.BuildOptional(ofKey?.expression()),
            Position = BuilderScope.PositionOf(context),
        };
    }

    private List<AssignmentSyntax> BuildAssignments(NeuroSql.AssignmentContext[] contexts)
    {
        List<AssignmentSyntax> assignments = new(contexts.Length);
        foreach (NeuroSql.AssignmentContext context in contexts)
        {
            SourcePosition position = BuilderScope.PositionOf(context);
            ExpressionSyntax value = context.expression() is { } expression
                ? expressions.Build(expression)
                : new DefaultExpressionSyntax { Position = position };
            if (context.nameList() is { } list)
            {
                AddList(BuilderScope.Names(list), value, position, assignments);
                continue;
            }

            assignments.Add(
                new AssignmentSyntax(BuilderScope.Identifier(context.name()), value)
                {
                    Position = position,
                });
        }

        return assignments;
    }

    // (a, b) = (x, y) and (a, b) = (query): one assignment for each column.
    private static void AddList(
        IReadOnlyList<IdentifierSyntax> columns,
        ExpressionSyntax value,
        SourcePosition position,
        List<AssignmentSyntax> assignments)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            ExpressionSyntax item = value switch
            {
                RowExpressionSyntax row when row.Items.Count == columns.Count => row.Items[i],
                SubqueryExpressionSyntax query => Column(query, columns.Count, i),
                not RowExpressionSyntax when columns.Count == 1 => value,
                _ => throw SyntaxErrors.At(
                    position,
                    $"{columns.Count} columns are set to a row of another length"),
            };
            assignments.Add(new AssignmentSyntax(columns[i], item) { Position = position });
        }
    }

    private static SubqueryExpressionSyntax Column(
        SubqueryExpressionSyntax query, int count, int ordinal)
    {
        IdentifierSyntax[] names =
            [.. Enumerable.Range(1, count).Select(i => new IdentifierSyntax($"column{i}", false))];
        var table = new DerivedTableSyntax(query.Query, new IdentifierSyntax("row", false), names)
        {
            Position = query.Position,
        };
        var reference = new ColumnReferenceSyntax(new NameSyntax([names[ordinal]]))
        {
            Position = query.Position,
        };
        var item = new ExpressionItemSyntax(reference, null, names[ordinal].Name)
        {
            Position = query.Position,
        };
        var select = new SelectSyntax(false, [item], [table], null, [], null)
        {
            Position = query.Position,
        };
        return new SubqueryExpressionSyntax(
            new QuerySyntax([], select, [], null, null) { Position = query.Position })
        {
            Position = query.Position,
        };
    }
}
