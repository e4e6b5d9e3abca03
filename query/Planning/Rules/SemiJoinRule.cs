namespace NeuroDb.Query;

/// <summary>
/// Moves semi and anti joins below what stands between them and the rows that they judge: through
/// projections, filters and other joins that only look at left rows, and to the left side of outer
/// joins, so that the join below does its work for the rows that stay. A left row stays or goes
/// whatever partners an outer join finds for it, so the result is the same.
/// </summary>
internal static class SemiJoinRule
{
    /// <summary>The plan with such joins moved.</summary>
    public static LogicalNode Apply(LogicalNode plan) => plan.Rewrite(static node =>
        node is LogicalJoin { IsHalf: true, Condition: { } condition } half
        && ColumnSets.IsMovable(condition) && HasOuterJoin(half.Left)
            ? Push(half, half.Left, condition) ?? node
            : node);

    private static bool HasOuterJoin(LogicalNode node) => node switch
    {
        LogicalJoin { Kind: JoinKind.Left } => true,
        LogicalJoin { IsHalf: true } or LogicalFilter or LogicalProject =>
            HasOuterJoin(node.Children[0]),
        _ => false,
    };

    /// <summary>The input with the join inside; null where nothing is gained.</summary>
    private static LogicalNode? Push(LogicalJoin half, LogicalNode node, Expression condition)
    {
        switch (node)
        {
            case LogicalFilter filter when ColumnSets.IsMovable(filter.Condition):
                return Push(half, filter.Input, condition) is { } input
                    ? filter.WithChildren([input])
                    : null;
            case LogicalProject project:
                return Rename(project, condition) is { } renamed
                    && Push(half, project.Input, renamed) is { } below
                        ? project.WithChildren([below])
                        : null;
            case LogicalJoin { Kind: JoinKind.Left or JoinKind.Semi or JoinKind.Anti } join
                when Reads(condition, join.Left, half.Right):
                LogicalNode? left = Push(half, join.Left, condition);
                if (left is null && join.Kind == JoinKind.Left)
                {
                    left = new LogicalJoin(half.Kind, join.Left, half.Right, condition);
                }

                return left is null ? null : join.WithChildren([left, join.Right]);
            default:
                return null;
        }
    }

    private static bool Reads(Expression condition, LogicalNode left, LogicalNode right) =>
        ColumnSets.ReadsOnly(
            condition, [.. ColumnSets.Of(left.Output), .. ColumnSets.Of(right.Output)]);

    // Only columns that pass unchanged: what is computed is not computed twice.
    private static Expression? Rename(LogicalProject project, Expression condition)
    {
        var definitions = new Dictionary<int, Expression>();
        var computed = new HashSet<int>();
        foreach (ProjectedColumn column in project.Columns)
        {
            if (column.Expression is ColumnExpression)
            {
                definitions.TryAdd(column.Column.Id, column.Expression);
            }
            else
            {
                computed.Add(column.Column.Id);
            }
        }

        var read = new HashSet<int>();
        ColumnSets.Collect(condition, read);
        return read.Overlaps(computed) ? null : ColumnSets.Substitute(condition, definitions);
    }
}
