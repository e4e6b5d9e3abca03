namespace NeuroDb.Query;

/// <summary>
/// Turns "the first k by distance of a table's vector column to one vector" into a scan that
/// computes distances and keeps the best k in one pass over the vectors. The other columns are
/// read for these k rows only, and the distance is used again where the result shows it.
/// </summary>
internal static class VectorTopKRule
{
    /// <summary>The plan with such orders replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan, ColumnIdentifiers identifiers) =>
        plan.Rewrite(node => node is LogicalTopK { Keys.Count: 1 } top
            ? Fuse(top, identifiers) ?? node
            : node);

    private static LogicalNode? Fuse(LogicalTopK top, ColumnIdentifiers identifiers)
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
            Dictionary<int, Expression> definitions = Definitions(project);
            key = ColumnSets.Substitute(key, definitions);
            filter = filter is null ? null : ColumnSets.Substitute(filter, definitions);
            projects.Add(project);
            node = project.Input;
        }

        if (node is not LogicalScan scan
            || key is not VectorDistanceExpression distance
            || TryRank(top, distance, scan) is not { } ranking)
        {
            return null;
        }

        OutputColumn measure = identifiers.NewColumn(distance.ToString(), distance.Type);
        LogicalNode result = new LogicalVectorTopK(scan, filter, ranking, measure);
        var passed = new ProjectedColumn(
            new ColumnExpression(measure.Id, measure.Name, measure.Type), measure);
        for (int i = projects.Count - 1; i >= 0; i--)
        {
            var columns = projects[i].Columns
                .Select(column => column with
                {
                    Expression = Reuse(column.Expression, distance, measure),
                })
                .ToList();
            if (i > 0)
            {
                columns.Add(passed);
            }

            result = new LogicalProject(result, columns);
        }

        return result;
    }

    private static Dictionary<int, Expression> Definitions(LogicalProject project)
    {
        var definitions = new Dictionary<int, Expression>();
        foreach (ProjectedColumn column in project.Columns)
        {
            definitions.TryAdd(column.Column.Id, column.Expression);
        }

        return definitions;
    }

    private static Expression Reuse(
        Expression expression, VectorDistanceExpression distance, OutputColumn measure) =>
        expression.Rewrite(part =>
            part is VectorDistanceExpression && ExpressionEquality.AreEqual(part, distance)
                ? new ColumnExpression(measure.Id, measure.Name, measure.Type)
                : part);

    private static VectorRanking? TryRank(
        LogicalTopK top, VectorDistanceExpression distance, LogicalScan scan)
    {
        SortKey key = top.Keys[0];
        bool closestFirst = key.IsDescending == (distance.Measure != VectorMeasure.Distance);
        bool leftIsColumn = distance.Left is ColumnExpression;
        Expression column = leftIsColumn ? distance.Left : distance.Right;
        Expression query = leftIsColumn ? distance.Right : distance.Left;
        if (!closestFirst
            || key.NullsFirst
            || column is not ColumnExpression { Type.Length: > 0, Id: var id }
            || !query.IsRowIndependent
            || query.Any(part => part is SubqueryExpression))
        {
            return null;
        }

        ScannedColumn? scanned = scan.Columns.FirstOrDefault(item => item.Column.Id == id);
        return scanned is null
            ? null
            : new VectorRanking(
                distance, scanned.Ordinal, query, key, top.Limit, top.Offset);
    }
}
