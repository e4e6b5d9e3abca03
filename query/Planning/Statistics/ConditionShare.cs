namespace NeuroDb.Query;

/// <summary>
/// The share of the rows of a table that satisfy one condition, from what ANALYZE saw of the
/// column, or from the sample where it has enough of them.
/// </summary>
internal static class ConditionShare
{
    /// <summary>The share; NaN if nothing is known.</summary>
    public static double Of(ScanSample sample, Expression part)
    {
        if (part is ComparisonExpression { Children: [var first, var second] } comparison)
        {
            (ColumnExpression? column, ConstantExpression? constant, bool isTurned) =
                (first, second) switch
                {
                    (ColumnExpression left, ConstantExpression right) => (left, right, false),
                    (ConstantExpression left, ColumnExpression right) => (right, left, true),
                    _ => (null, (ConstantExpression?)null, false),
                };
            int ordinal = column is null ? -1 : sample.OrdinalOf(column.Id);
            if (ordinal >= 0 && !constant!.Value.IsNull
                && sample.Statistics.AnalyzedOf(ordinal) is { } analyzed)
            {
                return Of(sample, analyzed, comparison.Operator, constant, isTurned);
            }
        }

        return double.NaN;
    }

    private static double Of(
        ScanSample sample,
        AnalyzedColumn column,
        BinaryOperator operation,
        ConstantExpression constant,
        bool isTurned)
    {
        double rows = Math.Max(1, sample.Statistics.RowCount);
        double present = Math.Min(1, column.Keys.RowCount / rows);
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
        ulong hash = KeyCounts.HashesOf(
            ColumnBuffer.Constant(constant.Type, constant.Value, 1))[0];
        return column.Keys.Knows(hash) ? column.Keys.CountOf(hash) : column.Keys.LightCount;
    }
}
