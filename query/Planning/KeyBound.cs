namespace NeuroDb.Query;

/// <summary>One bound of a range of a key: the key compared with a value.</summary>
/// <param name="Operator">=, &lt;, &lt;=, &gt; or &gt;=, the key on the left.</param>
/// <param name="Value">The value, known without a row.</param>
internal sealed record KeyBound(BinaryOperator Operator, Expression Value)
{
    /// <summary>The bound that a condition puts on a column; null if it puts none.</summary>
    /// <param name="condition">A condition that must hold.</param>
    /// <param name="isColumn">Whether an expression is the column.</param>
    public static KeyBound? Of(Expression condition, Func<Expression, bool> isColumn)
    {
        if (condition is not ComparisonExpression comparison)
        {
            return null;
        }

        Expression left = comparison.Children[0];
        Expression right = comparison.Children[1];
        bool isLeft = isColumn(left);
        BinaryOperator? operation = isLeft
            ? IsBound(comparison.Operator) ? comparison.Operator : null
            : isColumn(right) ? Mirrored(comparison.Operator) : null;
        Expression value = isLeft ? right : left;
        return operation is { } known
            && value.IsRowIndependent
            && left.Type.Physical == right.Type.Physical
            && !value.Any(part => part is SubqueryExpression or PlannedSubquery)
                ? new KeyBound(known, value)
                : null;
    }

    /// <summary>
    /// The lowest and the highest value that all bounds allow; false if there is none, as where a
    /// value is NULL.
    /// </summary>
    public static bool TryRange(
        IReadOnlyList<KeyBound> bounds, ExecutionContext context, out long low, out long high)
    {
        low = long.MinValue;
        high = long.MaxValue;
        foreach (KeyBound bound in bounds)
        {
            Value value = Conditions.ValueOf(bound.Value, context);
            if (value.IsNull || !bound.TryNarrow(value.AsInt64(), ref low, ref high))
            {
                return false;
            }
        }

        return low <= high;
    }

    private static bool IsBound(BinaryOperator operation) => operation is BinaryOperator.Equal
        or BinaryOperator.Less or BinaryOperator.LessOrEqual
        or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual;

    private static BinaryOperator? Mirrored(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Equal => BinaryOperator.Equal,
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => null,
    };

    private bool TryNarrow(long value, ref long low, ref long high)
    {
        bool isBelow = Operator is BinaryOperator.Less && value == long.MinValue;
        bool isAbove = Operator is BinaryOperator.Greater && value == long.MaxValue;
        if (isBelow || isAbove)
        {
            return false;
        }

        if (Operator is BinaryOperator.Equal or BinaryOperator.Greater
            or BinaryOperator.GreaterOrEqual)
        {
            low = Math.Max(low, Operator == BinaryOperator.Greater ? value + 1 : value);
        }

        if (Operator is BinaryOperator.Equal or BinaryOperator.Less or BinaryOperator.LessOrEqual)
        {
            high = Math.Min(high, Operator == BinaryOperator.Less ? value - 1 : value);
        }

        return true;
    }
}
