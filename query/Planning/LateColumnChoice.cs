namespace NeuroDb.Query;

/// <summary>
/// Lets the first rows in an order be found by the columns of the order alone, where they come from
/// one table; the other columns are read for the rows that remain (late materialisation: Abadi et
/// al., "Materialization Strategies in a Column-Oriented DBMS", ICDE 2007).
/// </summary>
internal sealed class LateColumnChoice(Planner planner, OperatorChoice operators)
{
    private const int KeptMax = 10_000;

    /// <summary>The operators; null if all columns are needed, or the table is small.</summary>
    public PlanNode? Choose(LogicalTopK top, RowEstimate rows)
    {
        // What projections compute is computed for the rows that remain.
        var projects = new Stack<LogicalProject>();
        IReadOnlyList<SortKey> keys = top.Keys;
        LogicalNode node = top.Input;
        while (node is LogicalProject project)
        {
            if (!project.Columns.All(static column => ColumnSets.IsMovable(column.Expression)))
            {
                return null;
            }

            keys = SortKey.Map(keys, key => ColumnSets.Through(project, key));
            projects.Push(project);
            node = project.Input;
        }

        PlanNode? plan = Fetch(new LogicalTopK(node, keys, top.Limit, top.Offset), rows);
        while (plan is not null && projects.TryPop(out LogicalProject? project))
        {
            plan = operators.Project(project, plan, rows);
        }

        return plan;
    }

    private LateColumns? Fetch(LogicalTopK top, RowEstimate rows)
    {
        (LogicalScan? scan, LogicalFilter? filter) = top.Input switch
        {
            LogicalScan table => (table, null),
            LogicalFilter { Input: LogicalScan table } condition => (table, condition),
            _ => (null, null),
        };
        if (scan is null || scan.RowAddress is not null || !IsWorthwhile(top, scan))
        {
            return null;
        }

        var needed = new HashSet<int>();
        foreach (SortKey key in top.Keys)
        {
            ColumnSets.Collect(key.Expression, needed);
        }

        if (filter is not null)
        {
            ColumnSets.Collect(filter.Condition, needed);
        }

        ScannedColumn[] early =
            [.. scan.Columns.Where(column => needed.Contains(column.Column.Id))];
        if (early.Length == scan.Columns.Count)
        {
            return null;
        }

        OutputColumn address = planner.Identifiers.NewColumn("row", DataType.BigInt, false);
        var narrow = new LogicalScan(scan.Table, scan.Alias, early, address, scan.Indexes);
        LogicalNode input = filter is null ? narrow : filter.WithChildren([narrow]);
        PlanNode first = operators.TopK(
            new LogicalTopK(input, top.Keys, top.Limit, top.Offset), rows);
        return new LateColumns(
            first,
            scan.Table,
            [.. scan.Columns.Select(column => Array.IndexOf(early, column) is >= 0 and var at
                ? ~at : column.Ordinal)],
            scan.Output)
        {
            Estimate = rows,
        };
    }

    private static bool IsWorthwhile(LogicalTopK top, LogicalScan scan) =>
        scan.Table.Rows.LiveCount >= 2 * Limits.ChunkRowCount
        && (top.Limit is not ConstantExpression { Value: { IsNull: false } limit }
            || limit.AsInt64() <= KeptMax);
}
