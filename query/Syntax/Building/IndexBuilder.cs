using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the statements on indexes.</summary>
internal sealed class IndexBuilder(
    BuilderScope scope, ExpressionBuilder expressions, DefinitionBuilder definitions)
{
    public CreateIndexStatementSyntax Build(NeuroSql.CreateIndexContext context)
    {
        List<IndexColumnSyntax> columns = [.. context.indexColumn().Select(BuildColumn)];
        List<OptionSyntax> options = definitions.BuildOptions(context.option());
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
            options)
        {
            Where = expressions.BuildOptional(context.where()?.expression()),
            WhereText = context.where() is { } where ? scope.TextOf(where.expression()) : null,
        };
    }

    private IndexColumnSyntax BuildColumn(NeuroSql.IndexColumnContext context)
    {
        NeuroSql.ExpressionContext expression = context.expression();
        IdentifierSyntax? column = TryColumn(expression);
        return new IndexColumnSyntax(
            column ?? Unnamed(expression),
            context.bareName() is { } name ? BuilderScope.Identifier(name) : null,
            BuilderScope.DirectionOf(context.ASC(), context.DESC()),
            BuilderScope.NullOrderOf(context.FIRST(), context.LAST()))
        {
            Position = BuilderScope.PositionOf(context),
            Expression = column is null ? expressions.Build(expression) : null,
            Text = column is null ? scope.TextOf(expression) : column.Name,
        };
    }

    /// <summary>Whether a part of a key is a column and no expression.</summary>
    public static bool IsColumn(NeuroSql.IndexColumnContext context) =>
        TryColumn(context.expression()) is not null;

    /// <summary>The column of a key, which is no expression.</summary>
    public static IdentifierSyntax ColumnOf(NeuroSql.IndexColumnContext context) =>
        TryColumn(context.expression()) ?? throw SyntaxErrors.Expected(
            (SqlToken)context.Start, "the name of a column");

    private static IdentifierSyntax? TryColumn(NeuroSql.ExpressionContext context) =>
        context.children is [NeuroSql.PrimaryContext { ChildCount: 1 } primary]
        && primary.qualifiedName() is { ChildCount: 1 } name
            ? BuilderScope.Name(name).Parts[0]
            : null;

    private static IdentifierSyntax Unnamed(NeuroSql.ExpressionContext context) =>
        new("expr", IsQuoted: true) { Position = BuilderScope.PositionOf(context) };

    public static AlterIndexStatementSyntax BuildAlter(NeuroSql.AlterIndexContext context) =>
        new(
            BuilderScope.Name(context.qualifiedName()),
            context.EXISTS() is not null,
            BuilderScope.Identifier(context.name()));

    public static ReindexStatementSyntax BuildReindex(NeuroSql.ReindexContext context) => new(
        context.qualifiedName() is { } name ? BuilderScope.Name(name) : null,
        context.INDEX() is not null,
        context.TABLE() is not null);
}
