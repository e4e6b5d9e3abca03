namespace NeuroDb.Query;

/// <summary>
/// Finds the first rows by a distance where more than conditions on one table lies below the
/// order: joins, subqueries as conditions, UNION ALL, DISTINCT, further items behind the distance,
/// and values that follow it. The table becomes those of its rows that are nearest among the rows
/// that conditions and joins let through, so that few rows are joined: each of them gives a row of
/// the result or more, so the first k rows of the order are among those of the nearest k. Where
/// more items decide, all rows as near as the k-th are taken.
/// </summary>
internal static class NearestRowsRule
{
    /// <summary>The plan with such tables replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan, ColumnIdentifiers identifiers) =>
        plan.Rewrite(node => node is LogicalLimit { Limit: not null } limit
            && HasDistance(limit)
                ? Replace(limit, identifiers) ?? node
                : node);

    private static bool HasDistance(LogicalLimit limit)
    {
        LogicalNode node = limit.Input;
        while (node is LogicalProject project)
        {
            node = project.Input;
        }

        return node is LogicalSort { Keys: [var key, ..] } sort
            && (Ranks(key.Expression) || HasDistance(sort.Input));
    }

    /// <summary>Whether distances are computed by what the rule looks through.</summary>
    public static bool HasDistance(LogicalNode node) => node switch
    {
        LogicalProject project => project.Columns.Any(
            static column => Ranks(column.Expression)) || HasDistance(project.Input),
        LogicalJoin or LogicalFilter or LogicalSetOperation or LogicalDistinct or LogicalApply
            or LogicalPrediction => node.Children.Any(HasDistance),
        _ => false,
    };

    /// <summary>Whether an expression computes a distance.</summary>
    public static bool Ranks(Expression expression) =>
        expression.Any(static part => part is VectorDistanceExpression);

    private static LogicalNode Under(Stack<LogicalProject> projects, LogicalNode input) =>
        projects.Aggregate(
            input, static (node, project) => project.WithChildren([node]));

    private static LogicalNode? Replace(LogicalLimit limit, ColumnIdentifiers identifiers)
    {
        var projects = new Stack<LogicalProject>();
        LogicalNode node = ColumnPruningRule.Apply(limit.Input);
        while (node is LogicalProject project)
        {
            projects.Push(project);
            node = project.Input;
        }

        var sort = (LogicalSort)node;
        var path = new NearestPath(sort.Keys, limit.Limit!, limit.Offset, identifiers);
        if (path.TryReplace(sort.Input) is not { } found)
        {
            return NearestPairs.TryReplace(
                sort.Input, sort.Keys, limit, first => Apply(first, identifiers)) is { } pairs
                    ? limit.WithChildren([Under(projects, sort.WithChildren([pairs]))])
                    : null;
        }

        LogicalNode result = JoinOrderRule.Apply(found.Node);
        if (!path.IsFinal)
        {
            result = new LogicalSort(result, SortKey.Map(sort.Keys, found.Reuse));
        }

        bool isFirst = true;
        LogicalNode Projected(LogicalNode input)
        {
            while (projects.TryPop(out LogicalProject? project))
            {
                input = new LogicalProject(input, [.. project.Columns.Select(column =>
                    isFirst
                        ? column with { Expression = found.Reuse(column.Expression) }
                        : column)]);
                isFirst = false;
            }

            return isFirst ? LogicalProject.Of(input, limit.Output) : input;
        }

        return path.IsFinal
            ? Projected(result)
            : Projected(new LogicalLimit(result, limit.Limit, limit.Offset));
    }
}
