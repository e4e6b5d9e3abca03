namespace NeuroDb.Query;

/// <summary>
/// From which tables the columns of a plan come unchanged, so that distinct values may be told.
/// </summary>
internal sealed class ColumnOrigins
{
    // Of a small table nobody has looked at, a column that is no key.
    private const double DistinctShare = 1.0 / 3;

    private readonly Dictionary<int, (LogicalScan Scan, int Ordinal)> _origins = [];

    /// <summary>Looks through a plan.</summary>
    public ColumnOrigins(IEnumerable<LogicalNode> nodes)
    {
        foreach (LogicalNode node in nodes)
        {
            Collect(node);
        }
    }

    /// <summary>The values of a column and the rows of its table; NaN if unknown.</summary>
    public (double Distinct, double RowCount) Of(Expression expression) =>
        Of(expression, out _);

    private (double Distinct, double RowCount) Of(Expression expression, out bool isUnique)
    {
        isUnique = false;
        if (expression is not ColumnExpression column
            || !_origins.TryGetValue(column.Id, out (LogicalScan Scan, int Ordinal) origin))
        {
            return (double.NaN, double.NaN);
        }

        double rows = Math.Max(1, origin.Scan.Table.Rows.LiveCount);
        isUnique = TableStatistics.IsUnique(origin.Scan.Table.Schema, origin.Ordinal);
        double distinct = isUnique
            ? rows
            : TableStatistics.Of(origin.Scan.Table)?.DistinctOf(origin.Ordinal)
                ?? Math.Max(1, rows * DistinctShare);
        return (Math.Min(rows, distinct), rows);
    }

    /// <summary>
    /// The rows of a join: the product over the different values of each pair of equal columns, of
    /// the side that has more. Several columns together have no more values than their table has
    /// rows.
    /// </summary>
    public double RowsOfJoin(double left, double right, IEnumerable<Expression> conditions)
    {
        double rows = left * right;
        double divisor = 1;
        double divisorMax = 1;
        foreach (Expression condition in conditions)
        {
            if (condition is not ComparisonExpression { Operator: BinaryOperator.Equal } equal)
            {
                rows *= Cardinality.ShareOf(condition);
                continue;
            }

            (double firstDistinct, double firstRows) = Of(equal.Children[0], out bool isFirst);
            (double secondDistinct, double secondRows) = Of(equal.Children[1], out bool isSecond);

            // What refers to a key has no more values than the key.
            double distinct = isFirst && !isSecond ? firstDistinct
                : isSecond && !isFirst ? secondDistinct
                : Larger(firstDistinct, secondDistinct);
            divisor *= double.IsNaN(distinct) ? Math.Max(left, right) : distinct;
            double bound = Larger(firstRows, secondRows);
            divisorMax = Math.Max(
                divisorMax, double.IsNaN(bound) ? Math.Max(left, right) : bound);
        }

        return Math.Max(1, rows / Math.Min(divisor, divisorMax));
    }

    private static double Larger(double first, double second) =>
        double.IsNaN(first) ? second : double.IsNaN(second) ? first : Math.Max(first, second);

    private void Collect(LogicalNode node)
    {
        if (node is LogicalScan scan)
        {
            foreach (ScannedColumn column in scan.Columns)
            {
                _origins[column.Column.Id] = (scan, column.Ordinal);
            }
        }

        if (node is LogicalProject project)
        {
            Collect(project.Input);
            foreach (ProjectedColumn column in project.Columns)
            {
                if (column.Expression is ColumnExpression source
                    && _origins.TryGetValue(source.Id, out (LogicalScan, int) origin))
                {
                    _origins[column.Column.Id] = origin;
                }
            }

            return;
        }

        foreach (LogicalNode child in node.Children)
        {
            Collect(child);
        }
    }
}
