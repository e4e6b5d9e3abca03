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

    /// <summary>
    /// The sort key of an item. NULLs come first in ASC and last in DESC; a score without a
    /// direction sorts best first, and rows without a score or distance come last either way.
    /// </summary>
    public static SortKey KeyOf(OrderItemSyntax item, Expression expression)
    {
        bool isScore = expression.Type.Kind == TypeKind.Score;
        bool isRanking = isScore || expression.Type.Kind == TypeKind.Distance;
        bool isDefault = item.Direction == SortDirection.Default;
        bool isDescending = isDefault ? isScore : item.Direction == SortDirection.Descending;
        bool nullsFirst = item.Nulls == NullOrder.Default
            ? !isDescending && !isRanking
            : item.Nulls == NullOrder.First;
        return new SortKey(expression, isDescending, nullsFirst, isDefault);
    }
}
