namespace NeuroDb.Query;

/// <summary>
/// What lies below an order by one expression: a scan of a table, at most one condition, and
/// projections through which the expression was followed down to the columns of the table.
/// </summary>
internal sealed class RankedScan
{
    private readonly List<LogicalProject> _projects;

    private RankedScan(
        LogicalScan scan, Expression? filter, Expression key, List<LogicalProject> projects)
    {
        Scan = scan;
        Filter = filter;
        Key = key;
        _projects = projects;
    }

    /// <summary>The table.</summary>
    public LogicalScan Scan { get; }

    /// <summary>The condition over the columns of the table, or null.</summary>
    public Expression? Filter { get; }

    /// <summary>What is ordered by, over the columns of the table.</summary>
    public Expression Key { get; }

    /// <summary>What lies below an order; null if it is anything else.</summary>
    public static RankedScan? TryFind(LogicalTopK top)
    {
        var projects = new List<LogicalProject>();
        Expression key = top.Keys[0].Expression;
        Expression? filter = null;
        LogicalNode node = top.Input;
        while (node is LogicalProject or LogicalFilter)
        {
            if (node is LogicalFilter condition)
            {
                if (filter is not null)
                {
                    return null;
                }

                filter = condition.Condition;
                node = condition.Input;
                continue;
            }

            var project = (LogicalProject)node;
            Dictionary<int, Expression> definitions = ColumnSets.DefinitionsOf(project);
            key = ColumnSets.Substitute(key, definitions);
            filter = filter is null ? null : ColumnSets.Substitute(filter, definitions);
            projects.Add(project);
            node = project.Input;
        }

        return node is LogicalScan scan ? new RankedScan(scan, filter, key, projects) : null;
    }

    /// <summary>
    /// The projections over another source of the same columns, one of which is the value of the
    /// key: it is used wherever the key was computed.
    /// </summary>
    public LogicalNode Project(LogicalNode source, OutputColumn measure)
    {
        LogicalNode result = source;
        var passed = new ProjectedColumn(
            new ColumnExpression(measure.Id, measure.Name, measure.Type), measure);
        for (int i = _projects.Count - 1; i >= 0; i--)
        {
            var columns = _projects[i].Columns
                .Select(column => column with { Expression = Reuse(column.Expression, measure) })
                .ToList();
            if (i > 0)
            {
                columns.Add(passed);
            }

            result = new LogicalProject(result, columns);
        }

        return result;
    }

    private Expression Reuse(Expression expression, OutputColumn measure) =>
        expression.Rewrite(part =>
            part.GetType() == Key.GetType() && ExpressionEquality.AreEqual(part, Key)
                ? new ColumnExpression(measure.Id, measure.Name, measure.Type)
                : part);
}
