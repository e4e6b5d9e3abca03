namespace NeuroDb.Query;

/// <summary>
/// FETCH FIRST n ROWS WITH TIES: the rows whose rank in the order is at most n, which a condition
/// on a window says.
/// </summary>
internal static class TiedRows
{
    /// <summary>The query with the condition; OFFSET stays.</summary>
    public static QuerySyntax Of(
        QuerySyntax query, ExpressionSyntax limit, ExpressionSyntax? offset)
    {
        if (query.OrderBy.Count == 0)
        {
            throw SyntaxErrors.At(limit.Position, "WITH TIES needs ORDER BY");
        }

        SelectSyntax select = query.Body is SelectSyntax { IsDistinct: false } plain
            ? plain
            : Whole(query);
        OrderItemSyntax[] order = [.. query.OrderBy.Select(item => item with
        {
            Expression = Named(item.Expression, select.Items),
        })];
        ExpressionSyntax last = offset is null
            ? limit
            : new BinaryExpressionSyntax(BinaryOperator.Add, limit, offset)
            {
                Position = limit.Position,
            };
        var isTaken = new BinaryExpressionSyntax(
            BinaryOperator.LessOrEqual, Rank(order, limit.Position), last)
        {
            Position = limit.Position,
        };
        return query with
        {
            Body = select with
            {
                Qualify = select.Qualify is { } condition
                    ? new LogicalExpressionSyntax(LogicalOperator.And, [condition, isTaken])
                    {
                        Position = limit.Position,
                    }
                    : isTaken,
            },
            Offset = offset,
        };
    }

    // What is no plain SELECT becomes a table of one.
    private static SelectSyntax Whole(QuerySyntax query)
    {
        SourcePosition position = query.Position;
        var inner = new QuerySyntax([], query.Body, [], null, null) { Position = position };
        return new SelectSyntax(
            false,
            [new StarItemSyntax(null) { Position = position }],
            [new DerivedTableSyntax(inner, null, []) { Position = position }],
            null,
            [],
            null)
        {
            Position = position,
        };
    }

    // Windows know no positions and no aliases.
    private static ExpressionSyntax Named(
        ExpressionSyntax key, IReadOnlyList<SelectItemSyntax> items)
    {
        if (OrderItems.Position(key, int.MaxValue) is { } position)
        {
            return position < items.Count && items.Take(position + 1).All(static item =>
                item is ExpressionItemSyntax)
                ? ((ExpressionItemSyntax)items[position]).Expression
                : throw SyntaxErrors.At(
                    key.Position,
                    "behind a star ORDER BY with WITH TIES takes names, no positions");
        }

        return key is ColumnReferenceSyntax { Name.Parts: [var name] }
            ? items.OfType<ExpressionItemSyntax>().FirstOrDefault(item => string.Equals(
                item.Alias?.Name, name.Name, StringComparison.OrdinalIgnoreCase))?.Expression ?? key
            : key;
    }

    private static FunctionCallSyntax Rank(
        IReadOnlyList<OrderItemSyntax> order, SourcePosition position) =>
        new(
            new NameSyntax([new IdentifierSyntax("rank", IsQuoted: false)])
            {
                Position = position,
            },
            [],
            false,
            false,
            null)
        {
            Position = position,
            Over = new WindowSyntax(null, false, [], order, null) { Position = position },
        };
}
