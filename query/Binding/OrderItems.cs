using System.Globalization;

namespace NeuroDb.Query;

/// <summary>What the items of ORDER BY and GROUP BY mean.</summary>
internal static class OrderItems
{
    /// <summary>
    /// The ordinal, from 0, of the result column that an integer literal names; null for another
    /// expression.
    /// </summary>
    public static int? Position(ExpressionSyntax syntax, int columnCount)
    {
        if (syntax is not LiteralExpressionSyntax { Kind: LiteralKind.Integer } literal)
        {
            return null;
        }

        if (int.TryParse(literal.Text, CultureInfo.InvariantCulture, out int position)
            && position >= 1 && position <= columnCount)
        {
            return position - 1;
        }

        throw new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"The position {literal.Text} names no result column; there are {columnCount}.",
            syntax.Position);
    }

    /// <summary>What an item names, without the collation that it is sorted by.</summary>
    public static ExpressionSyntax Uncollated(ExpressionSyntax syntax) =>
        syntax is CollateExpressionSyntax { Operand: LiteralExpressionSyntax
            or ColumnReferenceSyntax } collated
            ? collated.Operand
            : syntax;

    /// <summary>The key of what an item names, by the collation that is written.</summary>
    public static Expression Collated(ExpressionSyntax syntax, Expression key) =>
        syntax is CollateExpressionSyntax collated
            ? new CollateExpression(
                OperatorFactory.Text(
                    key is CollateExpression own ? own.Children[0] : key, syntax.Position),
                CollateExpression.Of(collated.Collation))
            : key;

    /// <summary>The items with ORDER BY ALL written out: each result column in turn.</summary>
    public static IReadOnlyList<OrderItemSyntax> Expand(
        IReadOnlyList<OrderItemSyntax> items, int columnCount) =>
        items is [{ Expression: DefaultExpressionSyntax } all]
            ? [.. Enumerable.Range(1, columnCount).Select(position => all with
            {
                Expression = new LiteralExpressionSyntax(
                    LiteralKind.Integer, position.ToString(CultureInfo.InvariantCulture))
                {
                    Position = all.Position,
                },
            })]
            : items;

    /// <summary>
    /// The sort key of an item. NULLs come first in ASC and last in DESC unless the session says
    /// otherwise. A score without a
    /// direction sorts best first. Rows without a distance come last either way, as in pgvector:
    /// what has no vector is not near.
    /// </summary>
    public static SortKey KeyOf(
        OrderItemSyntax item, Expression expression, NullPlacement nulls)
    {
        bool isScore = expression.Type.Kind == TypeKind.Score;
        bool isDistance = expression.Type.Kind == TypeKind.Distance;
        bool isDefault = item.Direction == SortDirection.Default;
        bool isDescending = isDefault ? isScore : item.Direction == SortDirection.Descending;
        bool nullsFirst = item.Nulls == NullOrder.Default
            ? !isDistance && (isScore ? !isDescending : IsFirst(nulls, isDescending))
            : item.Nulls == NullOrder.First;
        return new SortKey(CollateExpression.Key(expression), isDescending, nullsFirst, isDefault);
    }

    private static bool IsFirst(NullPlacement nulls, bool isDescending) => nulls switch
    {
        NullPlacement.First => true,
        NullPlacement.Last => false,
        NullPlacement.Greatest => isDescending,
        _ => !isDescending,
    };
}
