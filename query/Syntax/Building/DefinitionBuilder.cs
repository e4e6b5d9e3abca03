using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the statements that define tables and indexes, and the settings.</summary>
internal sealed class DefinitionBuilder(BuilderScope scope, ExpressionBuilder expressions)
{
    public CreateTableStatementSyntax BuildCreateTable(NeuroSql.CreateTableContext context)
    {
        List<ColumnDefinitionSyntax> columns = [];
        List<ConstraintSyntax> constraints = [];
        foreach (NeuroSql.TableElementContext element in context.tableElement())
        {
            if (element.columnDefinition() is { } column)
            {
                columns.Add(BuildColumn(column));
            }
            else
            {
                constraints.Add(BuildConstraint(element.tableConstraint()));
            }
        }

        return new CreateTableStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            context.ifNotExists() is not null,
            columns,
            constraints,
            context.query() is { } query ? expressions.Queries.Build(query) : null);
    }

    public CreateIndexStatementSyntax BuildCreateIndex(NeuroSql.CreateIndexContext context)
    {
        List<IndexColumnSyntax> columns = [];
        foreach (NeuroSql.IndexColumnContext column in context.indexColumn())
        {
            SortDirection direction = column.ASC() is not null ? SortDirection.Ascending
                : column.DESC() is not null ? SortDirection.Descending
                : SortDirection.Default;
            columns.Add(
                new IndexColumnSyntax(
                    BuilderScope.Identifier(column.name()),
                    column.bareName() is { } name ? BuilderScope.Identifier(name) : null,
                    direction,
                    column.FIRST() is not null ? NullOrder.First
                        : column.LAST() is not null ? NullOrder.Last
                        : NullOrder.Default)
                {
                    Position = BuilderScope.PositionOf(column),
                });
        }

        List<OptionSyntax> options = [];
        foreach (NeuroSql.OptionContext option in context.option())
        {
            options.Add(
                new OptionSyntax(
                    BuilderScope.Identifier(option.name()), BuildValue(option.settingValue()))
                {
                    Position = BuilderScope.PositionOf(option),
                });
        }

        // The name stands before ON, the method after USING: told apart by where they begin.
        IdentifierSyntax? index = null;
        IdentifierSyntax? method = null;
        foreach (NeuroSql.NameContext name in context.name())
        {
            if (name.Start.StartIndex < context.ON().Symbol.StartIndex)
            {
                index = BuilderScope.Identifier(name);
            }
            else
            {
                method = BuilderScope.Identifier(name);
            }
        }

        return new CreateIndexStatementSyntax(
            index,
            context.ifNotExists() is not null,
            context.UNIQUE() is not null,
            BuilderScope.Name(context.qualifiedName()),
            method,
            columns,
            options);
    }

    public static AlterIndexStatementSyntax BuildAlterIndex(NeuroSql.AlterIndexContext context) =>
        new(
            BuilderScope.Name(context.qualifiedName()),
            context.EXISTS() is not null,
            BuilderScope.Identifier(context.name()));

    public static ReindexStatementSyntax BuildReindex(NeuroSql.ReindexContext context) => new(
        context.qualifiedName() is { } name ? BuilderScope.Name(name) : null,
        context.INDEX() is not null,
        context.TABLE() is not null);

    public static StatementSyntax BuildDrop(NeuroSql.DropContext context)
    {
        List<NameSyntax> names = [];
        foreach (NeuroSql.QualifiedNameContext name in context.qualifiedName())
        {
            names.Add(BuilderScope.Name(name));
        }

        bool ifExists = context.EXISTS() is not null;
        return context.TABLE() is not null
            ? new DropTableStatementSyntax(names, ifExists)
            : new DropIndexStatementSyntax(names, ifExists);
    }

    public StatementSyntax BuildSetting(NeuroSql.SettingContext context)
    {
        NameSyntax name = BuilderScope.Name(context.qualifiedName());
        ExpressionSyntax? value = context.settingValue() is { } written
            ? BuildValue(written)
            : null;
        if (context.Start.Type == NeuroSql.SET)
        {
            Invariant.Check(value is not null);
            return new SetStatementSyntax(name, value);
        }

        return context.Start.Type == NeuroSql.SHOW
            ? new ShowStatementSyntax(name)
            : new PragmaStatementSyntax(name, value);
    }

    private ExpressionSyntax BuildValue(NeuroSql.SettingValueContext context)
    {
        if (context.expression() is { } expression)
        {
            return expressions.Build(expression);
        }

        SqlToken token = (SqlToken)context.Start;
        if (token.Type == NeuroSql.DEFAULT)
        {
            return new DefaultExpressionSyntax { Position = token.Position };
        }

        NameSyntax word = new([BuilderScope.Identifier(token)]) { Position = token.Position };
        return new ColumnReferenceSyntax(word) { Position = token.Position };
    }

    private ColumnDefinitionSyntax BuildColumn(NeuroSql.ColumnDefinitionContext context)
    {
        List<ConstraintSyntax> constraints = [];
        foreach (NeuroSql.ColumnConstraintContext constraint in context.columnConstraint())
        {
            constraints.Add(
                BuildConstraint(constraint) with
                {
                    Name = BuilderScope.OptionalIdentifier(constraint.name()),
                    Position = BuilderScope.PositionOf(constraint),
                });
        }

        return new ColumnDefinitionSyntax(
            BuilderScope.Identifier(context.name()),
            context.columnType() is { } type ? ExpressionBuilder.BuildType(type) : null,
            constraints)
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    private ConstraintSyntax BuildConstraint(NeuroSql.ColumnConstraintContext context)
    {
        if (context.PRIMARY() is not null || context.UNIQUE() is not null)
        {
            return new KeyConstraintSyntax(
                context.PRIMARY() is not null, [], context.AUTOINCREMENT() is not null);
        }

        if (context.parenthesized() is { } check)
        {
            return BuildCheck(check);
        }

        return context.simpleExpression() is { } value
            ? BuildDefault(value)
            : new NullConstraintSyntax(context.NOT() is null);
    }

    private ConstraintSyntax BuildConstraint(NeuroSql.TableConstraintContext context)
    {
        ConstraintSyntax constraint = context.parenthesized() is { } check
            ? BuildCheck(check)
            : new KeyConstraintSyntax(
                context.PRIMARY() is not null, BuilderScope.Names(context.nameList()), false);
        return constraint with
        {
            Name = BuilderScope.OptionalIdentifier(context.name()),
            Position = BuilderScope.PositionOf(context),
        };
    }

    private CheckConstraintSyntax BuildCheck(NeuroSql.ParenthesizedContext context)
    {
        NeuroSql.ExpressionContext condition = ExpressionBuilder.OnlyExpression(context);
        scope.Enter(1, context);
        ExpressionSyntax expression = expressions.Build(condition);
        scope.Leave(1);
        return new CheckConstraintSyntax(expression, scope.TextOf(condition));
    }

    // DEFAULT (e) keeps the text of e; everything else keeps its whole text.
    private DefaultConstraintSyntax BuildDefault(NeuroSql.SimpleExpressionContext context)
    {
        string text = context.ChildCount == 1
            && context.primary()?.parenthesized() is { } inner
            && context.primary().EXISTS() is null
            && inner.expression().Length == 1
            && QueryBuilder.IsEmpty(inner.queryTail())
            ? scope.TextOf(inner.expression(0))
            : scope.TextOf(context);
        return new DefaultConstraintSyntax(expressions.Build(context), text);
    }
}
