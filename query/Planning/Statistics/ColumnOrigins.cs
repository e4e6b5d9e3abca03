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
    /// <param name="rows">How many rows there are: values without a row do not count.</param>
    /// <param name="unknown">The values of one of which nothing is known.</param>
    /// <param name="isGuess">Whether there is such a one.</param>
    public double OfAll(
        IEnumerable<Expression> columns, double rows, double unknown, out bool isGuess)
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
            product *= Kept(
                Math.Min(separate, together), Math.Max(1, scan.Table.Rows.LiveCount), rows);
        }

        return product;
    }

    // Of values of all rows those that some of the rows still have.
    private static double Kept(double distinct, double all, double rows) => rows >= all
        ? distinct
        : distinct * (1 - Math.Pow(1 - (rows / all), all / Math.Max(1, distinct)));

    private void Collect(LogicalNode node)
    {
        foreach (LogicalNode child in node.Children)
        {
            Collect(child);
        }

        switch (node)
        {
            case LogicalScan scan:
                Add(scan);
                break;
            case LogicalKeyLookup lookup:
                Add(lookup.Scan);
                break;
            case LogicalKeyRange range:
                Add(range.Scan);
                break;
            case LogicalIndexRange range:
                Add(range.Scan);
                break;
            case LogicalProject project:
                Rename(project.Columns);
                break;
            case LogicalAggregate aggregate:
                Rename(aggregate.Keys);
                break;
            case LogicalShared shared:
                Collect(shared.Query.Plan);
                Rename(shared.Inline().Columns);
                break;
            case LogicalSetOperation operation:
                Rename(operation.Output.Zip(
                    operation.Left.Output,
                    static (column, source) => new ProjectedColumn(
                        new ColumnExpression(source.Id, source.Name, source.Type), column)));
                break;
            default:
                break;
        }
    }

    private void Add(LogicalScan scan)
    {
        foreach (ScannedColumn column in scan.Columns)
        {
            _origins[column.Column.Id] = (scan, column.Ordinal);
        }
    }

    private void Rename(IEnumerable<ProjectedColumn> columns)
    {
        foreach (ProjectedColumn column in columns)
        {
            if (column.Expression is ColumnExpression source
                && _origins.TryGetValue(source.Id, out (LogicalScan, int) origin))
            {
                _origins[column.Column.Id] = origin;
            }
        }
    }
}
