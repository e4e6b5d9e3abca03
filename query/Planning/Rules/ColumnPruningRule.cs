namespace NeuroDb.Query;

/// <summary>Leaves out columns that nobody reads, down to the tables.</summary>
internal static class ColumnPruningRule
{
    /// <summary>The plan with the same output that reads only what it needs.</summary>
    public static LogicalNode Apply(LogicalNode plan) =>
        Prune(plan, ColumnSets.Of(plan.Output));

    // Other columns, the same rows: what is expected of a node stays.
    private static LogicalNode Prune(LogicalNode node, HashSet<int> needed) =>
        PruneNode(node, needed).InPlaceOf(node);

    private static LogicalNode PruneNode(LogicalNode node, HashSet<int> needed)
    {
        switch (node)
        {
            case LogicalScan scan:
                return PruneScan(scan, needed);
            case LogicalProject project:
                return PruneProject(project, needed);
            case LogicalAggregate aggregate:
                return PruneAggregate(aggregate, needed);
            case LogicalFilter filter:
                HashSet<int> read = With(needed, [filter.Condition]);
                return Trim(
                    node, filter.WithChildren([Prune(filter.Input, read)]), needed);
            case LogicalSort sort:
                HashSet<int> sorted = With(needed, sort.Keys.Select(key => key.Expression));
                return sort.WithChildren([Prune(sort.Input, sorted)]);
            case LogicalWindow window:
                return PruneWindow(window, needed);
            case LogicalPrediction prediction:
                return PrunePrediction(prediction, needed);
            case LogicalJoin join:
                Expression[] condition = join.Condition is null ? [] : [join.Condition];
                HashSet<int> joined = With(needed, condition);
                return Trim(
                    node,
                    join.WithChildren([Prune(join.Left, joined), Prune(join.Right, joined)]),
                    needed);
            case LogicalApply apply:
                return PruneApply(apply, needed);
            case LogicalVectorTopK top:
                return PruneNearest(top, needed);
            case LogicalLimit limit:
                return limit.WithChildren([Prune(limit.Input, needed)]);
            case LogicalSetOperation or LogicalDistinct or LogicalRecursion:
                return node.WithChildren([.. node.Children.Select(PruneAll)]);
            default:
                Invariant.Check(node.Children.Count == 0);
                return node;
        }
    }

    /// <summary>Prunes below a node that needs all columns in their places.</summary>
    private static LogicalNode PruneAll(LogicalNode node)
    {
        LogicalNode pruned = Prune(node, ColumnSets.Of(node.Output));
        return pruned.Output.Count == node.Output.Count
            ? pruned
            : LogicalProject.Of(pruned, node.Output);
    }

    private static HashSet<int> With(HashSet<int> needed, IEnumerable<Expression> expressions)
    {
        var all = new HashSet<int>(needed);
        foreach (Expression expression in expressions)
        {
            ColumnSets.Collect(expression, all);
        }

        return all;
    }

    private static LogicalNode Trim(
        LogicalNode before, LogicalNode node, HashSet<int> needed) =>
        Trim(node.InPlaceOf(before), needed);

    private static LogicalNode Trim(LogicalNode node, HashSet<int> needed)
    {
        OutputColumn[] kept = [.. node.Output.Where(column => needed.Contains(column.Id))];
        return kept.Length == node.Output.Count ? node : LogicalProject.Of(node, kept);
    }

    private static LogicalScan PruneScan(LogicalScan scan, HashSet<int> needed)
    {
        ScannedColumn[] kept =
            [.. scan.Columns.Where(column => needed.Contains(column.Column.Id))];
        return kept.Length == scan.Columns.Count
            ? scan
            : new LogicalScan(
                scan.Table, scan.Alias, kept, scan.RowAddress, scan.Indexes)
            {
                Indexed = scan.Indexed,
            };
    }

    private static LogicalNode PruneNearest(LogicalVectorTopK top, HashSet<int> needed)
    {
        Expression[] filter = top.Filter is null ? [] : [top.Filter];
        HashSet<int> read = With(
            needed, [top.Ranking.Distance, .. top.Ranking.Groups, .. filter]);
        LogicalVectorTopK pruned = top.With(
            PruneScan(top.Scan, read),
            [.. top.Columns.Where(column => needed.Contains(column.Id))]);
        return Trim(
            pruned.WithChildren([.. pruned.Children.Select(PruneAll)]), needed);
    }

    private static LogicalProject PruneProject(LogicalProject project, HashSet<int> needed)
    {
        ProjectedColumn[] kept =
            [.. project.Columns.Where(column => needed.Contains(column.Column.Id))];
        HashSet<int> read = With([], kept.Select(column => column.Expression));
        return new LogicalProject(Prune(project.Input, read), kept);
    }

    private static LogicalNode PruneApply(LogicalApply apply, HashSet<int> needed)
    {
        HashSet<int> read = With(
            needed, apply.Condition is null ? [] : [apply.Condition]);
        HashSet<int> left = With(read, apply.Captures);
        return Trim(
            apply.WithChildren([Prune(apply.Left, left), Prune(apply.Right, read)]), needed);
    }

    private static LogicalNode PruneWindow(LogicalWindow window, HashSet<int> needed)
    {
        WindowColumn[] kept =
            [.. window.Functions.Where(item => needed.Contains(item.Column.Id))];
        if (kept.Length == 0)
        {
            return Prune(window.Input, needed);
        }

        var narrow = new LogicalWindow(window.Input, window.Partition, window.Order, kept);
        LogicalNode input = Prune(window.Input, With(needed, narrow.Expressions));
        return Trim(narrow.WithChildren([input]), needed);
    }

    private static LogicalNode PrunePrediction(
        LogicalPrediction prediction, HashSet<int> needed)
    {
        PredictedColumn[] kept =
            [.. prediction.Columns.Where(column => needed.Contains(column.Column.Id))];
        if (kept.Length == 0)
        {
            return Prune(prediction.Input, needed);
        }

        HashSet<int> read = With(needed, kept.Select(column => column.Prediction));
        return Trim(new LogicalPrediction(Prune(prediction.Input, read), kept), needed);
    }

    private static LogicalAggregate PruneAggregate(
        LogicalAggregate aggregate, HashSet<int> needed)
    {
        AggregateColumn[] kept =
            [.. aggregate.Aggregates.Where(item => needed.Contains(item.Column.Id))];
        ProjectedColumn[] firsts =
            [.. aggregate.Firsts.Where(first => needed.Contains(first.Column.Id))];
        var read = new HashSet<int>();
        IEnumerable<Expression> expressions = aggregate.Keys
            .Concat(firsts)
            .Select(column => column.Expression)
            .Concat(kept.SelectMany(item => item.Call.Function.Arguments))
            .Concat(kept.Select(item => item.Call.Filter).OfType<Expression>());
        foreach (Expression expression in expressions)
        {
            ColumnSets.Collect(expression, read);
        }

        return new LogicalAggregate(
            Prune(aggregate.Input, read), aggregate.Keys, kept, firsts, aggregate.Sets);
    }
}
