using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// A part of a condition that lets only rows pass whose vector is near enough to another one:
/// <c>v &lt;-&gt; q &lt; r</c>, <c>similarity(v, q) &gt;= s</c>, either way around.
/// </summary>
/// <param name="Distance">What is compared.</param>
/// <param name="Bound">With what; reads no columns.</param>
internal sealed record VectorThreshold(VectorDistanceExpression Distance, Expression Bound)
{
    // What single precision may lose of a distance.
    private const double Slack = 1e-5;

    /// <summary>The threshold that a part of a condition is; null if it is none.</summary>
    public static VectorThreshold? TryFind(Expression part) =>
        TryFind(part, static bound => bound.IsRowIndependent);

    /// <summary>
    /// The threshold that a part of a condition is; null if it is none, or the bound is not one
    /// that may be.
    /// </summary>
    public static VectorThreshold? TryFind(Expression part, Func<Expression, bool> mayBound)
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
            && mayBound(bound)
            && !bound.Any(static inner => inner is SubqueryExpression)
                ? new VectorThreshold(distance, bound)
                : null;
    }

    /// <summary>
    /// The rank up to which rows of a kernel or an index may satisfy a comparison with a value,
    /// with what single precision may lose; infinite where ranks do not reach so far, minus
    /// infinite for NULL.
    /// </summary>
    public static float RankOf(VectorDistanceExpression distance, Value bound)
    {
        if (bound.IsNull)
        {
            return float.NegativeInfinity;
        }

        double least = distance.DistanceFromValue(
            DataType.FromParts(bound.Kind, 0, 0).Physical switch
            {
                PhysicalKind.Int64 => bound.AsInt64(),
                PhysicalKind.Decimal => (double)bound.AsDecimal(),
                _ => bound.AsDouble(),
            });
        double widened = least + (Slack * (Math.Abs(least) + 1));
        double rank = distance.Metric == Metric.L2 ? widened * Math.Max(0, widened) : widened;
        return rank < float.MaxValue ? (float)rank : float.PositiveInfinity;
    }

    // A distance is compared as a DOUBLE PRECISION.
    private static Expression Uncast(Expression expression) =>
        expression is CastExpression { Type.Kind: TypeKind.Double } cast
            ? cast.Children[0]
            : expression;
}
