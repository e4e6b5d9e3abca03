using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Chooses the order of inner joins greedily: again and again it joins the two parts whose result
/// is expected to be smallest (GOO, Fegaras 1998). O(n^2) pairs for n tables, each looked at again
/// only after one of its sides grew.
/// </summary>
internal static class JoinOrderRule
{
    /// <summary>The plan with its inner joins in the chosen order.</summary>
    public static LogicalNode Apply(LogicalNode plan)
    {
        if (plan is LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join)
        {
            var leaves = new List<LogicalNode>();
            var conditions = new List<Expression>();
            Flatten(join, leaves, conditions);
            if (leaves.Count > Limits.JoinedTableCountMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"{leaves.Count} tables are joined at once; at most "
                    + $"{Limits.JoinedTableCountMax} are.");
            }

            return Order([.. leaves.Select(Apply)], conditions);
        }

        LogicalNode[] children = [.. plan.Children.Select(Apply)];
        return children.Length == 0 ? plan : plan.WithChildren(children);
    }

    private static void Flatten(
        LogicalNode node, List<LogicalNode> leaves, List<Expression> conditions)
    {
        if (node is LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join)
        {
            Flatten(join.Left, leaves, conditions);
            Flatten(join.Right, leaves, conditions);
            Conjuncts.Split(join.Condition, conditions);
        }
        else
        {
            leaves.Add(node);
        }
    }

    private static LogicalNode Order(LogicalNode[] leaves, List<Expression> conditions)
    {
        Candidate[] candidates = MakeCandidates(leaves, conditions);
        List<Part> parts =
        [
            .. leaves.Select((leaf, i) => new Part(leaf, 1UL << i, Cardinality.Of(leaf))),
        ];
        var costs = new Dictionary<(Part, Part), (double Rows, bool Linked)>();
        while (parts.Count > 1)
        {
            (int left, int right) = Cheapest(parts, candidates, costs);
            Part joined = Merge(parts[left], parts[right], candidates);
            parts[left] = joined;
            parts.RemoveAt(right);
        }

        return parts[0].Node;
    }

    private static Candidate[] MakeCandidates(
        LogicalNode[] leaves, List<Expression> conditions)
    {
        var leafOf = new Dictionary<int, int>();
        for (int i = 0; i < leaves.Length; i++)
        {
            foreach (OutputColumn column in leaves[i].Output)
            {
                leafOf[column.Id] = i;
            }
        }

        return [.. conditions.Select(condition =>
        {
            var columns = new HashSet<int>();
            ColumnSets.Collect(condition, columns);
            ulong mask = 0;
            foreach (int column in columns)
            {
                mask |= 1UL << leafOf[column];
            }

            Invariant.Check(BitOperations.PopCount(mask) >= 2);
            return new Candidate(condition, mask);
        })];
    }

    private static (int Left, int Right) Cheapest(
        List<Part> parts,
        Candidate[] candidates,
        Dictionary<(Part, Part), (double Rows, bool Linked)> costs)
    {
        (int Left, int Right) best = (0, 1);
        double bestRows = double.PositiveInfinity;
        bool bestLinked = false;
        for (int i = 0; i < parts.Count; i++)
        {
            for (int j = i + 1; j < parts.Count; j++)
            {
                (Part, Part) pair = (parts[i], parts[j]);
                if (!costs.TryGetValue(pair, out (double Rows, bool Linked) cost))
                {
                    cost = Cost(parts[i], parts[j], candidates);
                    costs.Add(pair, cost);
                }

                bool isBetter = cost.Linked == bestLinked
                    ? cost.Rows < bestRows
                    : cost.Linked;
                if (isBetter)
                {
                    best = (i, j);
                    bestRows = cost.Rows;
                    bestLinked = cost.Linked;
                }
            }
        }

        return best;
    }

    private static (double Rows, bool Linked) Cost(
        Part left, Part right, Candidate[] candidates)
    {
        List<Expression> conditions = Applicable(left, right, candidates);
        return (Cardinality.OfPairs(left.Rows, right.Rows, conditions), conditions.Count > 0);
    }

    private static List<Expression> Applicable(Part left, Part right, Candidate[] candidates)
    {
        ulong mask = left.Mask | right.Mask;
        var conditions = new List<Expression>();
        foreach (Candidate candidate in candidates)
        {
            if ((candidate.Mask & ~mask) == 0
                && (candidate.Mask & ~left.Mask) != 0
                && (candidate.Mask & ~right.Mask) != 0)
            {
                conditions.Add(candidate.Condition);
            }
        }

        return conditions;
    }

    private static Part Merge(Part left, Part right, Candidate[] candidates)
    {
        List<Expression> conditions = Applicable(left, right, candidates);
        Expression? condition = Conjuncts.Join(conditions);
        var node = new LogicalJoin(
            condition is null ? JoinKind.Cross : JoinKind.Inner,
            left.Node,
            right.Node,
            condition);
        double rows = Cardinality.OfPairs(left.Rows, right.Rows, conditions);
        return new Part(node, left.Mask | right.Mask, rows);
    }

    /// <summary>A condition and the leaves that it reads.</summary>
    private sealed record Candidate(Expression Condition, ulong Mask);

    /// <summary>Some leaves joined already; compared by identity.</summary>
    private sealed class Part(LogicalNode node, ulong mask, double rows)
    {
        public LogicalNode Node { get; } = node;

        public ulong Mask { get; } = mask;

        public double Rows { get; } = rows;
    }
}
