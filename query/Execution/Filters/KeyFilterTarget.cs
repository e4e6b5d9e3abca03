namespace NeuroDb.Query;

/// <summary>A scan that a key of a join comes from unchanged.</summary>
/// <param name="Key">The ordinal of the key in the join.</param>
/// <param name="Scan">The scan.</param>
/// <param name="Column">The ordinal of the column in the table.</param>
internal sealed record KeyFilterTarget(int Key, TableScan Scan, int Column)
{
    /// <summary>The scans below one side of a join where rows without a partner may go.</summary>
    public static KeyFilterTarget[] Of(PlanNode side, Expression[] keys)
    {
        var targets = new List<KeyFilterTarget>();
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] is OrdinalExpression column
                && column.Type.Physical == PhysicalKind.Int64
                && Find(side, column.Ordinal) is var (scan, ordinal))
            {
                targets.Add(new KeyFilterTarget(i, scan, ordinal));
            }
        }

        return [.. targets];
    }

    // Only through operators that give each row of the scan for itself, or that group by the key:
    // what is left out then is left out of their result, and nothing else changes.
    private static (TableScan Scan, int Column)? Find(PlanNode node, int ordinal)
    {
        switch (node)
        {
            case TableScan scan:
                return ordinal < scan.Ordinals.Length ? (scan, scan.Ordinals[ordinal]) : null;
            case Filter filter when IsPure(filter):
                return Find(filter.Input, ordinal);
            case Project project when IsPure(project):
                return project.Expressions[ordinal] is OrdinalExpression source
                    ? Find(project.Input, source.Ordinal)
                    : null;
            case HashAggregate { Sets: null } aggregate when ordinal < aggregate.Keys.Length:
                return aggregate.Keys[ordinal] is OrdinalExpression key
                    ? Find(aggregate.Input, key.Ordinal)
                    : null;
            case HashJoin join:
                return FindInJoin(join.Shape, ordinal);
            default:
                return null;
        }
    }

    private static (TableScan Scan, int Column)? FindInJoin(JoinShape shape, int ordinal)
    {
        int leftWidth = shape.Left.Output.Count;
        int source = shape.Ordinals[ordinal];
        if (source < leftWidth)
        {
            return shape.Kind is JoinKind.Full ? null : Find(shape.Left, source);
        }

        return shape.Kind is JoinKind.Inner ? Find(shape.Right, source - leftWidth) : null;
    }

    private static bool IsPure(PlanNode node) => node.Expressions.All(static expression =>
        !expression.Any(static part => !part.IsDeterministic && part is not PlannedSubquery));
}
