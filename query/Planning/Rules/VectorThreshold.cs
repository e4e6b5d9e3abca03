namespace NeuroDb.Query;

/// <summary>
/// A part of a condition that lets only rows pass whose vector is near enough to another one:
/// <c>v &lt;-&gt; q &lt; r</c>, <c>similarity(v, q) &gt;= s</c>, either way around.
/// </summary>
/// <param name="Distance">What is compared.</param>
/// <param name="Bound">With what; reads no columns.</param>
internal sealed record VectorThreshold(VectorDistanceExpression Distance, Expression Bound)
{
    /// <summary>The threshold that a part of a condition is; null if it is none.</summary>
    public static VectorThreshold? TryFind(Expression part)
    {
        if (part is not ComparisonExpression comparison)
        {
            return null;
        }

        bool isLess = comparison.Operator is BinaryOperator.Less or BinaryOperator.LessOrEqual;
        bool isGreater = comparison.Operator
            is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual;
        bool isOnLeft = Uncast(comparison.Children[0]) is VectorDistanceExpression;
        Expression bound = comparison.Children[isOnLeft ? 1 : 0];
        return Uncast(comparison.Children[isOnLeft ? 0 : 1]) is VectorDistanceExpression distance
            && (isLess || isGreater)
            && isLess == (isOnLeft == (distance.Measure == VectorMeasure.Distance))
            && bound.IsRowIndependent
            && !bound.Any(static inner => inner is SubqueryExpression)
                ? new VectorThreshold(distance, bound)
                : null;
    }

    // A distance is compared as a DOUBLE PRECISION.
    private static Expression Uncast(Expression expression) =>
        expression is CastExpression { Type.Kind: TypeKind.Double } cast
            ? cast.Children[0]
            : expression;
}
