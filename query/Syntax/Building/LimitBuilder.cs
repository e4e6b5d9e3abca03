using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the order of a query and how many of its rows are taken.</summary>
internal sealed class LimitBuilder(ExpressionBuilder expressions)
{
    /// <summary>The items of an order.</summary>
    public IReadOnlyList<OrderItemSyntax> BuildOrder(NeuroSql.OrderByContext context)
    {
        List<OrderItemSyntax> items = [];
        if (context.ALL() is { } all)
        {
            items.Add(
                new OrderItemSyntax(
                    new DefaultExpressionSyntax { Position = BuilderScope.TokenOf(all).Position },
                    BuilderScope.DirectionOf(context.ASC(), context.DESC()),
                    BuilderScope.NullOrderOf(context.FIRST(), context.LAST()))
                {
                    Position = BuilderScope.PositionOf(context),
                });
        }

        foreach (NeuroSql.OrderItemContext item in context.orderItem())
        {
            // USING < is PostgreSQL's ASC by an operator.
            items.Add(
                new OrderItemSyntax(
                    expressions.Build(item.expression()),
                    BuilderScope.DirectionOf(
                        item.ASC() ?? item.LESS(), item.DESC() ?? item.GREATER()),
                    BuilderScope.NullOrderOf(item.FIRST(), item.LAST()))
                {
                    Position = BuilderScope.PositionOf(item),
                });
        }

        return items;
    }

    /// <summary>The query with its limits.</summary>
    public QuerySyntax Build(QuerySyntax query, NeuroSql.RowLimitContext[] contexts)
    {
        ExpressionSyntax? limit = null;
        ExpressionSyntax? offset = null;
        bool hasLimit = false;
        bool isWithTies = false;
        foreach (NeuroSql.RowLimitContext context in contexts)
        {
            NeuroSql.ExpressionContext[] parts = context.expression();
            bool isOffset = context.OFFSET() is not null;
            if (offset is not null && (isOffset || parts.Length == 2))
            {
                throw LimitTwice(context);
            }

            if (isOffset)
            {
                offset = expressions.Build(parts[0]);
                continue;
            }

            if (hasLimit)
            {
                throw LimitTwice(context);
            }

            hasLimit = true;
            isWithTies = IsWithTies(context);
            if (context.LIMIT() is null)
            {
                limit = context.simpleExpression() is { } count
                    ? expressions.Build(count)
                    : new LiteralExpressionSyntax(LiteralKind.Integer, "1")
                    {
                        Position = BuilderScope.PositionOf(context),
                    };
            }
            else if (parts.Length > 0)
            {
                // LIMIT offset, count, as in MySQL and SQLite.
                offset = parts.Length == 2 ? expressions.Build(parts[0]) : offset;
                limit = expressions.Build(parts[^1]);
            }
        }

        return isWithTies
            ? TiedRows.Of(query, limit!, offset)
            : query with { Limit = limit, Offset = offset };
    }

    private static bool IsWithTies(NeuroSql.RowLimitContext context)
    {
        if (context.IDENTIFIER() is not { } word)
        {
            return false;
        }

        SqlToken token = BuilderScope.TokenOf(word);
        return token.Span.Equals("TIES", StringComparison.OrdinalIgnoreCase)
            ? true
            : throw SyntaxErrors.Expected(token, "TIES");
    }

    private static SyntaxException LimitTwice(NeuroSql.RowLimitContext context) =>
        SyntaxErrors.At(
            BuilderScope.PositionOf(context),
            "a query takes one LIMIT or FETCH and one OFFSET");
}
