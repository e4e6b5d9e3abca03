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

    /// <summary>The same, and whether each row of the table has another value.</summary>
    public (double Distinct, double RowCount) Of(Expression expression, out bool isUnique)
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
    /// The combinations of values of some columns; those of one table are looked at together.
    /// </summary>
    /// <param name="columns">The columns.</param>
    /// <param name="unknown">The values of one of which nothing is known.</param>
    /// <param name="isGuess">Whether there is such a one.</param>
    public double OfAll(IEnumerable<Expression> columns, double unknown, out bool isGuess)
    {
        double product = 1;
        isGuess = false;
        var tables = new Dictionary<LogicalScan, (SortedSet<int> Ordinals, double Product)>();
        foreach (Expression expression in columns)
        {
            if (expression is not ColumnExpression column
                || !_origins.TryGetValue(column.Id, out (LogicalScan Scan, int Ordinal) origin))
            {
                product *= unknown;
                isGuess = true;
                continue;
            }

            (SortedSet<int> ordinals, double separate) =
                tables.GetValueOrDefault(origin.Scan, ([], 1));
            tables[origin.Scan] = ordinals.Add(origin.Ordinal)
                ? (ordinals, separate * Of(expression).Distinct)
                : (ordinals, separate);
        }

        foreach ((LogicalScan scan, (SortedSet<int> ordinals, double separate)) in tables)
        {
            double together = ordinals.Count > 1
                ? TableStatistics.Of(scan.Table)?.DistinctOf([.. ordinals]) ?? separate
                : separate;
            product *= Math.Min(separate, together);
        }

        return product;
    }

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
