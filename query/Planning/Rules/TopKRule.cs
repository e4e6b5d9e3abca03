namespace NeuroDb.Query;

/// <summary>
/// Joins LIMIT with the order below it, so that only as many rows are kept; a projection in
/// between is moved above first.
/// </summary>
internal static class TopKRule
{
    /// <summary>The plan with its limits and orders joined.</summary>
    public static LogicalNode Apply(LogicalNode plan) => plan.Rewrite(Rewrite);

    private static LogicalNode Rewrite(LogicalNode node) => node switch
    {
        LogicalLimit { Input: LogicalProject project } limit => new LogicalProject(
            Rewrite(new LogicalLimit(project.Input, limit.Limit, limit.Offset)),
            project.Columns),
        LogicalLimit { Input: LogicalSort sort, Limit: { } count } limit =>
            new LogicalTopK(sort.Input, sort.Keys, count, limit.Offset),
        _ => node,
    };
}
