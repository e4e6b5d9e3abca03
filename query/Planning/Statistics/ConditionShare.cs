namespace NeuroDb.Query;

/// <summary>
/// The share of the rows of a table that satisfy one condition, from what ANALYZE saw of the
/// column, or from the sample where it has enough of them.
/// </summary>
internal static class ConditionShare
{
    /// <summary>
    /// The share of the rows that satisfy all of some conditions; NaN if of one nothing is known.
    /// Two that bound a column from both sides are one; of others each is weighted the less the
    /// more there are ("exponential back-off"), as they seldom have nothing to do with each other.
    /// </summary>
    public static double OfAll(ScanSample sample, IReadOnlyList<Expression> parts)
    {
        var bounds = new Dictionary<(int Ordinal, bool IsUpper), double>();
        var shares = new List<double>();
        foreach (Expression part in parts)
        {
            double share = Of(sample, part);
            if (double.IsNaN(share))
            {
                return double.NaN;
            }

            if (BoundOf(sample, part) is { } bound)
            {
                bounds[bound] = Math.Min(share, bounds.GetValueOrDefault(bound, 1));
            }
            else
            {
                shares.Add(share);
            }
        }

        foreach (((int ordinal, bool isUpper), double share) in bounds)
        {
            bool isBetween = bounds.TryGetValue((ordinal, !isUpper), out double other);
            if (!isBetween || isUpper)
            {
                shares.Add(isBetween ? Between(sample, ordinal, share, other) : share);
            }
        }

        double all = 1;
        double power = 1;
        foreach (double share in shares.Order())
        {
            all *= Math.Pow(share, power);
            power /= 2;
        }

        return all;
    }

    /// <summary>The share; NaN if nothing is known.</summary>
    public static double Of(ScanSample sample, Expression part) => part switch
    {
        LogicalExpression { IsAnd: true } and => OfAll(sample, and.Children),
        LogicalExpression or => Math.Min(1, or.Children.Sum(child => Of(sample, child))),
        InListExpression list => OfList(sample, list),
        IsNullExpression test => AnalyzedOf(sample, test.Children[0]) is { } column
            ? test.IsNegated ? Present(sample, column) : 1 - Present(sample, column)
            : double.NaN,
        ComparisonExpression comparison => OfComparison(sample, comparison),
        _ => double.NaN,
    };

    /// <summary>
    /// The share of the rows that have one of some values, each of which ANALYZE has counted; NaN
    /// for another condition.
    /// </summary>
    public static double OfCounted(ScanSample sample, Expression part)
    {
        (Expression tested, IEnumerable<Expression> values) = part switch
        {
            InListExpression list => (list.Children[0], list.Children.Skip(1)),
            ComparisonExpression { Operator: BinaryOperator.Equal } equal
                when SidesOf(equal) is ({ } side, { } constant, _) => (side, [constant]),
            _ => (part, Enumerable.Empty<Expression>()),
        };
        return AnalyzedOf(sample, tested) is { } column
            && values.All(value => value is ConstantExpression { Value.IsNull: false } known
                && column.Keys.Knows(HashOf(known)))
            ? Of(sample, part)
            : double.NaN;
    }

    private static double OfComparison(ScanSample sample, ComparisonExpression comparison)
    {
        (Expression? tested, ConstantExpression? constant, bool isTurned) = SidesOf(comparison);
        return constant is { Value.IsNull: false } && AnalyzedOf(sample, tested!) is { } column
            ? Of(sample, column, comparison.Operator, constant, isTurned)
            : double.NaN;
    }

    private static (Expression? Tested, ConstantExpression? Constant, bool IsTurned) SidesOf(
        ComparisonExpression comparison) =>
        (comparison.Children[0], comparison.Children[1]) switch
        {
            (ColumnExpression left, ConstantExpression right) => (left, right, false),
            (ConstantExpression left, ColumnExpression right) => (right, left, true),
            _ => (null, null, false),
        };

    private static double OfList(ScanSample sample, InListExpression list)
    {
        if (AnalyzedOf(sample, list.Children[0]) is not { } column
            || !list.Children.Skip(1).All(static item => item is ConstantExpression))
        {
            return double.NaN;
        }

        double rows = list.Children.Skip(1).Cast<ConstantExpression>()
            .Where(static item => !item.Value.IsNull)
            .Sum(item => OfValue(column, item));
        return Math.Min(1, rows / Math.Max(1, sample.Statistics.RowCount));
    }

    private static AnalyzedColumn? AnalyzedOf(ScanSample sample, Expression expression) =>
        expression is ColumnExpression column && sample.OrdinalOf(column.Id) is >= 0 and var ordinal
            ? sample.Statistics.AnalyzedOf(ordinal)
            : null;

    private static double Present(ScanSample sample, AnalyzedColumn column) =>
        Math.Min(1, column.Keys.RowCount / Math.Max(1.0, sample.Statistics.RowCount));

    // Which column a comparison bounds, and whether from above.
    private static (int Ordinal, bool IsUpper)? BoundOf(ScanSample sample, Expression part)
    {
        if (part is not ComparisonExpression comparison
            || SidesOf(comparison) is not (ColumnExpression column, _, var isTurned))
        {
            return null;
        }

        return comparison.Operator switch
        {
            BinaryOperator.Less or BinaryOperator.LessOrEqual =>
                (sample.OrdinalOf(column.Id), !isTurned),
            BinaryOperator.Greater or BinaryOperator.GreaterOrEqual =>
                (sample.OrdinalOf(column.Id), isTurned),
            _ => null,
        };
    }

    // Who is not below one bound and not above the other; at least one value of average frequency.
    private static double Between(ScanSample sample, int ordinal, double upper, double lower)
    {
        AnalyzedColumn column = sample.Statistics.AnalyzedOf(ordinal)!;
        double least = column.Keys.LightCount / Math.Max(1.0, sample.Statistics.RowCount);
        return Math.Max(
            Math.Min(least, Math.Min(upper, lower)), upper + lower - Present(sample, column));
    }

    private static double Of(
        ScanSample sample,
        AnalyzedColumn column,
        BinaryOperator operation,
        ConstantExpression constant,
        bool isTurned)
    {
        double rows = Math.Max(1, sample.Statistics.RowCount);
        double present = Present(sample, column);
        double equal = OfValue(column, constant) / rows;
        if (operation is BinaryOperator.Equal or BinaryOperator.IsNotDistinctFrom)
        {
            return equal;
        }

        if (operation is BinaryOperator.NotEqual)
        {
            return Math.Max(0, present - equal);
        }

        double number = TableAnalysis.NumberOf(constant.Value);
        if (column.Histogram.Length == 0 || double.IsNaN(number))
        {
            return double.NaN;
        }

        double below = present * column.ShareBelow(number);
        return (operation, isTurned) switch
        {
            (BinaryOperator.Less, false) or (BinaryOperator.Greater, true) => below,
            (BinaryOperator.LessOrEqual, false) or (BinaryOperator.GreaterOrEqual, true) =>
                Math.Min(present, below + equal),
            (BinaryOperator.Greater, false) or (BinaryOperator.Less, true) =>
                Math.Max(0, present - below - equal),
            (BinaryOperator.GreaterOrEqual, false) or (BinaryOperator.LessOrEqual, true) =>
                Math.Max(0, present - below),
            _ => double.NaN,
        };
    }

    private static double OfValue(AnalyzedColumn column, ConstantExpression constant)
    {
        ulong hash = HashOf(constant);
        return column.Keys.Knows(hash) ? column.Keys.CountOf(hash) : column.Keys.LightCount;
    }

    private static ulong HashOf(ConstantExpression constant) =>
        KeyCounts.HashesOf(ColumnBuffer.Constant(constant.Type, constant.Value, 1))[0];
}
