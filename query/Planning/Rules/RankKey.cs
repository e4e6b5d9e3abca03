using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// An item of an order that is a distance, or never falls or never rises where the distance grows:
/// <c>1 - (v &lt;=&gt; q)</c>, <c>1 / (1 + (v &lt;-&gt; q))</c>. The rows that it puts first are
/// the closest ones.
/// </summary>
/// <param name="Distance">The distance or similarity.</param>
/// <param name="IsPlain">Whether the item is nothing else.</param>
internal sealed record RankKey(VectorDistanceExpression Distance, bool IsPlain)
{
    // What rounding takes from a cosine is far below.
    private const double SafeAddend = 1e-3;

    /// <summary>The distance by which an item puts the closest rows first; null if none.</summary>
    public static RankKey? TryFind(SortKey key)
    {
        int direction = Follow(key.Expression, out VectorDistanceExpression? distance);
        if (direction == 0 || distance is null)
        {
            return null;
        }

        bool growsWithCloseness = (distance.Measure != VectorMeasure.Distance) == direction > 0;
        return key.IsDescending == growsWithCloseness
            ? new RankKey(distance, key.Expression is VectorDistanceExpression)
            : null;
    }

    /// <summary>Whether each vector that is there has a distance.</summary>
    public static bool IsTotal(Metric metric) =>
        metric is Metric.L2 or Metric.L1 or Metric.InnerProduct or Metric.Hamming;

    // 1 where the value never falls with that of the distance expression, -1 where it never
    // rises, 0 where neither is known.
    private static int Follow(Expression expression, out VectorDistanceExpression? distance)
    {
        distance = expression as VectorDistanceExpression;
        return expression switch
        {
            VectorDistanceExpression => 1,
            CastExpression { Type.IsNumeric: true } cast =>
                Follow(cast.Children[0], out distance),
            ArithmeticExpression arithmetic => Follow(arithmetic, out distance),
            FunctionExpression { Name: "round" or "floor" or "ceil" or "exp" } call
                when call.Children.Skip(1).All(static part => part.IsRowIndependent) =>
                Follow(call.Children[0], out distance),
            FunctionExpression { Name: "sqrt" } call => FollowPositive(call, out distance),
            FunctionExpression { Name: "pow" or "power" } call
                when NumberOf(call.Children[1]) is > 0 => FollowPositive(call, out distance),
            _ => 0,
        };
    }

    private static int FollowPositive(
        FunctionExpression call, out VectorDistanceExpression? distance)
    {
        int direction = Follow(call.Children[0], out distance);
        return Uncast(call.Children[0]) is VectorDistanceExpression
            {
                Measure: VectorMeasure.Distance,
                Metric: Metric.L2 or Metric.L1 or Metric.Hamming,
            }
                ? direction
                : 0;
    }

    private static int Follow(
        ArithmeticExpression arithmetic, out VectorDistanceExpression? distance)
    {
        Expression left = arithmetic.Children[0];
        Expression right = arithmetic.Children[1];
        bool isLeft = !left.IsRowIndependent;
        int direction = Follow(isLeft ? left : right, out distance);
        Expression other = isLeft ? right : left;
        if (!other.IsRowIndependent)
        {
            return 0;
        }

        return arithmetic.Operator switch
        {
            BinaryOperator.Add => direction,
            BinaryOperator.Subtract => isLeft ? direction : -direction,
            BinaryOperator.Multiply => direction * SignOf(other),
            BinaryOperator.Divide when isLeft => direction * SignOf(other),
            BinaryOperator.Divide when IsPositive(right) => -direction * SignOf(other),
            _ => 0,
        };
    }

    // A constant above rounding and a distance that is not negative.
    private static bool IsPositive(Expression expression) =>
        Uncast(expression) is ArithmeticExpression { Operator: BinaryOperator.Add } sum
        && ((IsAddend(sum.Children[0]) && IsDistance(sum.Children[1]))
            || (IsAddend(sum.Children[1]) && IsDistance(sum.Children[0])));

    private static bool IsAddend(Expression expression) =>
        NumberOf(expression) is >= SafeAddend;

    private static bool IsDistance(Expression expression) =>
        Uncast(expression) is VectorDistanceExpression
        {
            Measure: VectorMeasure.Distance, Metric: not Metric.InnerProduct,
        };

    private static int SignOf(Expression expression) =>
        NumberOf(expression) is { } number && !double.IsNaN(number) ? Math.Sign(number) : 0;

    private static double? NumberOf(Expression expression) =>
        Uncast(expression) is ConstantExpression { Value: { IsNull: false } value } constant
            ? constant.Type.Physical switch
            {
                PhysicalKind.Int64 => value.AsInt64(),
                PhysicalKind.Double => value.AsDouble(),
                PhysicalKind.Decimal => (double)value.AsDecimal(),
                _ => null,
            }
            : null;

    private static Expression Uncast(Expression expression) =>
        expression is CastExpression { Type.IsNumeric: true } cast
            ? Uncast(cast.Children[0])
            : expression;
}
