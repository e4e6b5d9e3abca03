namespace NeuroDb.Query;

/// <summary>
/// Binds DISTINCT ON: of the rows with equal keys, the first in the order. The rows are sorted and
/// then grouped by the keys, which keeps the order and gives the first row of each group.
/// </summary>
internal sealed class DistinctOnBinder(Binder binder)
{
    /// <summary>The plan over the rows of a SELECT.</summary>
    public LogicalNode Bind(
        LogicalNode rows,
        IReadOnlyList<ProjectedColumn> items,
        IReadOnlyList<Expression> keys,
        IReadOnlyList<SortKey> order,
        SourcePosition position)
    {
        bool isPrefix = order.Count == 0 || order.Take(keys.Count).All(item =>
            keys.Any(key => ExpressionEquality.AreEqual(key, item.Expression)));
        if (!isPrefix)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "With DISTINCT ON, ORDER BY begins with its keys, so that there is a first row.",
                position);
        }

        var columns = new List<ProjectedColumn>(items);
        ColumnExpression[] keyColumns = [.. keys.Select(key => Add(key, columns))];
        SortKey[] sortKeys = SortKey.Map(order, key => Add(key, columns));
        LogicalNode node = new LogicalProject(rows, columns);
        node = sortKeys.Length == 0 ? node : new LogicalSort(node, sortKeys);
        var firsts = new List<ProjectedColumn>();
        var output = new List<OutputColumn>();
        foreach (ProjectedColumn item in items)
        {
            OutputColumn first = item.Column with { Id = binder.Identifiers.Next() };
            firsts.Add(new ProjectedColumn(
                new ColumnExpression(item.Column.Id, item.Column.Name, item.Column.Type),
                first));
            output.Add(first);
        }

        ProjectedColumn[] groups = [.. keyColumns.Select(key => new ProjectedColumn(
            key, binder.Identifiers.NewColumn(key.Name, key.Type)))];
        return LogicalProject.Of(new LogicalAggregate(node, groups, [], firsts), output);
    }

    private ColumnExpression Add(Expression expression, List<ProjectedColumn> columns)
    {
        OutputColumn column = binder.Identifiers.NewColumn(expression.ToString(), expression.Type);
        columns.Add(new ProjectedColumn(expression, column));
        return new ColumnExpression(column.Id, column.Name, column.Type);
    }
}
