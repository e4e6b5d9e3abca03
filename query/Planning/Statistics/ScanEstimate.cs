namespace NeuroDb.Query;

/// <summary>Estimates how many rows of a table satisfy conditions, from its sample.</summary>
internal static class ScanEstimate
{
    private const double OfNone = 0.5;

    /// <summary>The rows of a scan that satisfy a condition.</summary>
    public static double Rows(LogicalScan scan, Expression condition)
    {
        double rows = Math.Max(1, scan.Table.Rows.LiveCount);
        if (TableStatistics.Of(scan.Table) is not { } statistics)
        {
            return Math.Max(1, rows * Cardinality.ShareOf(condition));
        }

        var parts = new List<Expression>();
        Conjuncts.Split(condition, parts);
        List<Expression> known = parts.FindAll(IsKnown);
        double share = known.Count == 0 ? 1 : ShareOf(scan, statistics, known);
        foreach (Expression part in parts)
        {
            share *= known.Contains(part) ? 1 : Guess(scan, statistics, part);
        }

        return Math.Max(1, rows * share);
    }

    /// <summary>Whether an expression has a value without an execution.</summary>
    private static bool IsKnown(Expression expression) =>
        expression is ColumnExpression or ConstantExpression
        || (expression is RowExpression && expression.IsDeterministic
            && expression.Children.All(IsKnown));

    private static double ShareOf(
        LogicalScan scan, TableStatistics statistics, List<Expression> parts)
    {
        var columns = new List<ColumnBuffer>();
        var places = new Dictionary<int, int>();
        Expression Resolve(Expression part) => part.Rewrite(inner =>
        {
            if (inner is not ColumnExpression column)
            {
                return inner;
            }

            if (!places.TryGetValue(column.Id, out int place))
            {
                place = columns.Count;
                places.Add(column.Id, place);
                int ordinal = OrdinalOf(scan, column.Id);
                columns.Add(statistics.Column(ordinal));
            }

            return new OrdinalExpression(place, column.Name, column.Type);
        });

        try
        {
            Expression condition = ExpressionFactory.And([.. parts.Select(Resolve)]);
            var batch = new RowBatch([.. columns], statistics.SampleRowCount);
            var selected = new int[batch.Count];

            // Deterministic operations on columns and constants read nothing of an execution.
            double passing = PredicateFilter.Filter(condition, batch, null!, selected);
            return Math.Max(passing, OfNone) / batch.Count;
        }
        catch (NeuroStoreException error) when (error.Code != ErrorCode.InvariantBroken)
        {
            // What fails for a row of the sample may be meant to fail, but not here.
            return parts.Aggregate(1.0, (share, part) => share * Cardinality.ShareOf(part));
        }
    }

    private static double Guess(
        LogicalScan scan, TableStatistics statistics, Expression part)
    {
        if (part is ComparisonExpression { Operator: BinaryOperator.Equal } equal)
        {
            ColumnExpression? column = equal.Children.OfType<ColumnExpression>().FirstOrDefault();
            int ordinal = column is null ? -1 : OrdinalOf(scan, column.Id);
            if (ordinal >= 0)
            {
                return 1 / statistics.DistinctOf(ordinal);
            }
        }

        return Cardinality.ShareOf(part);
    }

    private static int OrdinalOf(LogicalScan scan, int id)
    {
        foreach (ScannedColumn column in scan.Columns)
        {
            if (column.Column.Id == id)
            {
                return column.Ordinal;
            }
        }

        return -1;
    }
}
