using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Settings, and options in brackets.</summary>
internal sealed partial class DefinitionBuilder
{
    public StatementSyntax BuildSetting(NeuroSql.SettingContext context)
    {
        if (context.plainQuery() is { } query)
        {
            return new DescribeQueryStatementSyntax(expressions.Queries.Build(query));
        }

        if (context.RESET() is not null)
        {
            return BuildReset(context);
        }

        CheckRange(context);

        NameSyntax name = BuilderScope.Name(
            context.wholeTable()?.qualifiedName() ?? context.qualifiedName(0));
        if (context.DESCRIBE() is not null)
        {
            bool isModel = context.qualifiedName().Length > 1
                && string.Equals(name.Text, "model", StringComparison.OrdinalIgnoreCase);
            return isModel
                ? new ExplainModelStatementSyntax(new ModelNameSyntax(
                    BuilderScope.Name(context.qualifiedName(1)), ModelVersionChoice.Live))
                : new DescribeStatementSyntax(name);
        }

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

    // SET SESSION is what SET means; SET LOCAL would last as long as the transaction.
    private static void CheckRange(NeuroSql.SettingContext context)
    {
        if (context.IDENTIFIER() is { } range
            && !BuilderScope.TokenOf(range).Span.Equals(
                "SESSION", StringComparison.OrdinalIgnoreCase))
        {
            throw SyntaxErrors.Expected(BuilderScope.TokenOf(range), "SESSION or a setting");
        }
    }

    private static SetStatementSyntax BuildReset(NeuroSql.SettingContext context)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        NameSyntax name = context.qualifiedName().Length > 0
            ? BuilderScope.Name(context.qualifiedName(0))
            : new NameSyntax([BuilderScope.Identifier(BuilderScope.TokenOf(context.ALL()))]);
        return new SetStatementSyntax(
            name, new DefaultExpressionSyntax { Position = position });
    }

    /// <summary>The options of a WITH list.</summary>
    public List<OptionSyntax> BuildOptions(NeuroSql.OptionContext[] contexts) =>
    [
        .. contexts.Select(option => new OptionSyntax(
            BuilderScope.Identifier(option.name()), BuildValue(option.settingValue()))
        {
            Position = BuilderScope.PositionOf(option),
        }),
    ];

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
}
