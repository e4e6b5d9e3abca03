namespace NeuroDb.Query;

/// <summary>
/// Decides whether a semi or anti join judges the rows of the inner joins below it or, if its
/// condition reads one of their inputs alone, the rows of that input: the same rows stay, and where
/// the joins repeat rows there are fewer to judge and to join.
/// </summary>
internal static class HalfJoinPlace
{
    /// <summary>The joins with the semi or anti join below them; null if it stays.</summary>
    public static LogicalNode? Below(LogicalJoin half)
    {
        var parts = new List<Expression>();
        var leaves = new List<LogicalNode>();
        JoinOrderRule.Flatten(half.Left, leaves, parts);
        if (leaves.Count < 2 || half.Condition is not { } condition
            || !ColumnSets.IsMovable(condition))
        {
            return null;
        }

        HashSet<int> right = ColumnSets.Of(half.Right.Output);
        LogicalNode? read = leaves.Find(leaf => ColumnSets.ReadsOnly(
            condition, [.. right, .. ColumnSets.Of(leaf.Output)]));
        if (read is null || ColumnSets.ReadsOnly(condition, right))
        {
            return null;
        }

        // Those that are judged, and those that are joined for nothing.
        double joined = Cardinality.Of(half.Left);
        double share = Cardinality.Of(half) / Math.Max(1, joined);
        return Cardinality.Of(read) <= joined * (2 - Math.Min(1, share))
            ? Put(half.Left, read, half)
            : null;
    }

    private static LogicalNode Put(LogicalNode node, LogicalNode leaf, LogicalJoin half)
    {
        if (ReferenceEquals(node, leaf))
        {
            return new LogicalJoin(half.Kind, leaf, half.Right, half.Condition);
        }

        return node is LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join
            ? join.WithChildren([Put(join.Left, leaf, half), Put(join.Right, leaf, half)])
            : node;
    }
}
