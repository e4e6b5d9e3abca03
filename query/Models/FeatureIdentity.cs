namespace NeuroDb.Query;

/// <summary>Finds the target among the features under another name.</summary>
internal static class FeatureIdentity
{
    /// <summary>
    /// Refuses a query that gives the target twice: a model that sees what it is to predict learns
    /// nothing.
    /// </summary>
    public static void Check(LogicalNode query, int target, SourcePosition position)
    {
        if (target < 0 || ProjectOf(query) is not { } project)
        {
            return;
        }

        Expression[] origins = [.. query.Output.Select(column => OriginOf(project, column))];
        for (int i = 0; i < origins.Length; i++)
        {
            if (i != target && origins[i].Type == origins[target].Type
                && AreEqual(origins[i], origins[target]))
            {
                throw new NeuroStoreException(
                    ErrorCode.InvalidModel,
                    $"The feature {query.Output[i].Name} is the target "
                    + $"{query.Output[target].Name} under another name; leave it out of the query.",
                    position);
            }
        }
    }

    private static bool AreEqual(Expression left, Expression right) =>
        left is ColumnExpression a && right is ColumnExpression b
            ? a.Id == b.Id
            : left.IsDeterministic && ExpressionEquality.AreEqual(left, right);

    private static LogicalProject? ProjectOf(LogicalNode node) => node switch
    {
        LogicalProject project => project,
        LogicalSort or LogicalLimit or LogicalFilter or LogicalDistinct =>
            ProjectOf(node.Children[0]),
        _ => null,
    };

    // A column that is only passed on is what it was below.
    private static Expression OriginOf(LogicalProject project, OutputColumn column)
    {
        Expression found = new ColumnExpression(column.Id, column.Name, column.Type);
        LogicalProject? at = project;
        while (at is not null && found is ColumnExpression passed
            && at.Columns.FirstOrDefault(it => it.Column.Id == passed.Id) is { } below
            && !below.IsUnchanged)
        {
            found = below.Expression;
            at = ProjectOf(at.Input);
        }

        return found;
    }
}
