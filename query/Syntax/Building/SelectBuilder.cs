using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds SELECT: its items and its clauses.</summary>
internal sealed class SelectBuilder(ExpressionBuilder expressions, QueryBuilder queries)
{
    /// <summary>One SELECT, without what follows it.</summary>
    public SelectSyntax Build(NeuroSql.SelectContext context)
    {
        if (context.pivot() is { } pivot)
        {
            return queries.Tables.Build(pivot);
        }

        // The expressions of the rule itself are those of HAVING and of QUALIFY.
        NeuroSql.ExpressionContext[] conditions = context.expression();
        bool hasHaving = context.HAVING() is not null;
        bool hasQualify = context.QUALIFY() is not null;
        Invariant.Check(conditions.Length == (hasHaving ? 1 : 0) + (hasQualify ? 1 : 0));
        IReadOnlyList<SelectItemSyntax> items = context.SELECT() is null
            ? [new StarItemSyntax(null) { Position = BuilderScope.PositionOf(context) }]
            : queries.BuildItems(context.selectItem());
        IReadOnlyList<TableReferenceSyntax> from =
            queries.Tables.BuildAll(context.tableReference());
        ExpressionSyntax? where = expressions.BuildOptional(context.where()?.expression());
        return new SelectSyntax(
            context.DISTINCT() is not null,
            items,
            from,
            where,
            [.. (context.groupBy()?.groupItem() ?? []).Select(BuildKey)],
            hasHaving ? expressions.Build(conditions[0]) : null)
        {
            Position = BuilderScope.PositionOf(context),
            Into = context.intoTable() is { } into
                ? BuilderScope.Name(into.qualifiedName())
                : null,
            IsIntoTemporary = context.intoTable()?.TEMP() is not null
                || context.intoTable()?.TEMPORARY() is not null,
            DistinctOn = BuildDistinctOn(context.parenthesized()),
            IsGroupByAll = context.groupBy()?.ALL() is not null,
            Windows = expressions.Windows.BuildAll(context.namedWindow()),
            Qualify = hasQualify ? expressions.Build(conditions[^1]) : null,
        };
    }

    private StarItemSyntax Changed(
        StarItemSyntax star, NeuroSql.SelectItemContext context, BuilderScope scope)
    {
        foreach (NeuroSql.StarChangeContext change in context.starChange())
        {
            if (change.REPLACE() is null)
            {
                IReadOnlyList<IdentifierSyntax> names = change.nameList() is { } list
                    ? BuilderScope.Names(list) : [BuilderScope.Identifier(change.name(0))];
                star = star with { Excluded = [.. star.Excluded, .. names] };
                continue;
            }

            NeuroSql.ExpressionContext[] values = change.expression();
            star = star with
            {
                Replaced =
                [
                    .. star.Replaced,
                    .. values.Select((value, i) => new ExpressionItemSyntax(
                        expressions.Build(value),
                        BuilderScope.Identifier(change.name(i)),
                        scope.TextOf(value))
                    {
                        Position = BuilderScope.PositionOf(value),
                    }),
                ],
            };
        }

        return star;
    }

    /// <summary>One item of SELECT or RETURNING.</summary>
    public SelectItemSyntax BuildItem(
        NeuroSql.SelectItemContext context, BuilderScope scope)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        if (context.expression() is not { } expression)
        {
            return Changed(new StarItemSyntax(null) { Position = position }, context, scope);
        }

        if (context.ChildCount == 1 + context.starChange().Length
            && expression.children is [NeuroSql.PrimaryContext { ChildCount: 1 } primary]
            && primary.qualifiedName() is { } qualified
            && BuilderScope.StarTable(qualified) is { } table)
        {
            return Changed(new StarItemSyntax(table) { Position = position }, context, scope);
        }

        if (context.starChange() is [var change, ..])
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(change), "EXCLUDE, EXCEPT and REPLACE follow a star");
        }

        IdentifierSyntax? alias = null;
        if (context.name() is { } named)
        {
            alias = BuilderScope.Identifier(named);
        }
        else if (context.bareName() is { } bare)
        {
            alias = BuilderScope.Identifier(bare);
        }
        else if (context.reservedName() is { } keyword)
        {
            SqlToken token = (SqlToken)keyword.Start;
            alias = new IdentifierSyntax(token.Text, IsQuoted: false)
            {
                Position = token.Position,
            };
        }
        else if (context.TEXT_STRING() is { } text)
        {
            SqlToken token = BuilderScope.TokenOf(text);
            alias = new IdentifierSyntax(token.StringText(), true) { Position = token.Position };
        }

        return new ExpressionItemSyntax(
            expressions.Build(expression), alias, scope.TextOf(expression))
        {
            Position = position,
        };
    }

    private IReadOnlyList<ExpressionSyntax> BuildDistinctOn(
        NeuroSql.ParenthesizedContext? context)
    {
        if (context is null)
        {
            return [];
        }

        return context.expression() is { Length: > 0 } keys
            && context.plainQuery() is null && QueryBuilder.IsEmpty(context.queryTail())
            ? expressions.BuildAll(keys)
            : throw SyntaxErrors.At(
                BuilderScope.PositionOf(context), "DISTINCT ON takes expressions in brackets");
    }

    private ExpressionSyntax BuildKey(NeuroSql.GroupItemContext context)
    {
        if (context.SETS() is null)
        {
            return IsEmptyBracket(context.expression())
                ? Empty(context.expression())
                : expressions.Build(context.expression());
        }

        NeuroSql.ExpressionContext word = context.expression();
        NeuroSql.ArgumentsContext sets = context.arguments();
        if (word.Start != word.Stop
            || !string.Equals(word.Start.Text, "GROUPING", StringComparison.OrdinalIgnoreCase)
            || sets.argument().Length == 0)
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(context), "expected GROUPING SETS (set, ...)");
        }

        return new GroupingSetsSyntax([.. sets.argument().Select(BuildSet)])
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    private ExpressionSyntax BuildSet(NeuroSql.ArgumentContext context)
    {
        NeuroSql.ExpressionContext set = context.expression(0);
        return IsEmptyBracket(set) ? Empty(set) : expressions.Build(set);
    }

    private static RowExpressionSyntax Empty(NeuroSql.ExpressionContext context) =>
        new([]) { Position = BuilderScope.PositionOf(context) };

    private static bool IsEmptyBracket(NeuroSql.ExpressionContext context) =>
        context.children is [NeuroSql.PrimaryContext { ChildCount: 1 } primary]
        && primary.parenthesized() is { } bracket
        && bracket.plainQuery() is null && bracket.expression().Length == 0;
}
