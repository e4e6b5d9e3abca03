namespace NeuroDb.Query;

/// <summary>
/// a ASOF JOIN b ON a.key = b.key AND a.time &gt;= b.time: to each row of the left side the one of
/// the right side that comes nearest by the inequality. It is a lateral query for one row.
/// </summary>
internal static class AsOfJoin
{
    /// <summary>The join written out.</summary>
    public static JoinSyntax Of(
        TableReferenceSyntax left,
        TableReferenceSyntax right,
        ExpressionSyntax? on,
        bool isLeft,
        SourcePosition position)
    {
        IdentifierSyntax? name = right switch
        {
            NamedTableSyntax table => table.Alias ?? table.Name.Parts[^1],
            DerivedTableSyntax derived => derived.Alias,
            FunctionTableSyntax function => function.Alias,
            _ => null,
        };
        IReadOnlyList<ExpressionSyntax> parts =
            on is LogicalExpressionSyntax { Operator: LogicalOperator.And } and
                ? and.Operands
                : on is null ? [] : [on];
        if (name is null
            || parts.OfType<BinaryExpressionSyntax>().Where(IsInequality).ToArray()
                is not [var nearest])
        {
            throw SyntaxErrors.At(
                position,
                "ASOF JOIN takes a table with a name, and ON with one of <, <=, > and >= beside "
                + "equalities");
        }

        bool isSwapped = Mentions(nearest.Left, name) && !Mentions(nearest.Right, name);
        bool isGreater = nearest.Operator is BinaryOperator.Greater
            or BinaryOperator.GreaterOrEqual;
        var order = new OrderItemSyntax(
            isSwapped ? nearest.Left : nearest.Right,
            isGreater != isSwapped ? SortDirection.Descending : SortDirection.Ascending,
            NullOrder.Last)
        {
            Position = nearest.Position,
        };
        var select = new SelectSyntax(
            false, [new StarItemSyntax(null) { Position = position }], [right], on, [], null)
        {
            Position = position,
        };
        var query = new QuerySyntax([], select, [order], One(position), null)
        {
            Position = position,
        };
        var lateral = new DerivedTableSyntax(query, name, [])
        {
            Position = right.Position,
            IsLateral = true,
        };
        return new JoinSyntax(
            isLeft ? JoinKind.Left : JoinKind.Cross,
            false,
            left,
            lateral,
            isLeft ? new LiteralExpressionSyntax(LiteralKind.Boolean, "true")
            {
                Position = position,
            }
            : null,
            [])
        {
            Position = position,
        };
    }

    private static LiteralExpressionSyntax One(SourcePosition position) =>
        new(LiteralKind.Integer, "1") { Position = position };

    private static bool IsInequality(BinaryExpressionSyntax part) => part.Operator
        is BinaryOperator.Less or BinaryOperator.LessOrEqual
        or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual;

    private static bool Mentions(ExpressionSyntax side, IdentifierSyntax table) => side switch
    {
        ColumnReferenceSyntax column => string.Equals(
            column.Name.Qualifier, table.Name, StringComparison.OrdinalIgnoreCase),
        BinaryExpressionSyntax binary =>
            Mentions(binary.Left, table) || Mentions(binary.Right, table),
        FunctionCallSyntax call => call.Arguments.Any(item => Mentions(item.Value, table)),
        CastExpressionSyntax cast => Mentions(cast.Operand, table),
        _ => false,
    };
}
