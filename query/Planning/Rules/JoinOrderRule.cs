using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Chooses the order of inner joins. Up to ten tables it looks at all bushy orders without cross
/// products and takes the one whose intermediate results are expected to be smallest together
/// (dynamic programming over sets: G. Moerkotte and T. Neumann, VLDB 2006). Beyond, or where a
/// cross product is needed, it is greedy: again and again it joins the two parts whose result is
/// expected to be smallest (GOO, L. Fegaras 1998), O(n^2) pairs for n tables, each looked at again
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

    private const int ExhaustiveTableCountMax = 10;

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
        var origins = new ColumnOrigins(leaves);
        List<Part> parts =
        [
            .. leaves.Select((leaf, i) => new Part(leaf, 1UL << i, Cardinality.Of(leaf))),
        ];
        if (leaves.Length <= ExhaustiveTableCountMax
            && FindBest(parts, candidates, origins) is { } best)
        {
            return best.Node;
        }

        var costs = new Dictionary<(Part, Part), (double Rows, bool Linked)>();
        while (parts.Count > 1)
        {
            (int left, int right) = Cheapest(parts, candidates, origins, costs);
            Part joined = Merge(parts[left], parts[right], candidates, origins);
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

    /// <summary>The best order without cross products; null if there is none.</summary>
    private static Part? FindBest(
        List<Part> leaves, Candidate[] candidates, ColumnOrigins origins)
    {
        int full = (1 << leaves.Count) - 1;
        var rows = new double[full + 1];
        var costs = new double[full + 1];
        var splits = new int[full + 1];
        Array.Fill(costs, double.PositiveInfinity);
        for (int i = 0; i < leaves.Count; i++)
        {
            rows[1 << i] = leaves[i].Rows;
            costs[1 << i] = 0;
        }

        for (int set = 3; set <= full; set++)
        {
            for (int left = (set - 1) & set; left > (set ^ left); left = (left - 1) & set)
            {
                int right = set ^ left;
                double below = costs[left] + costs[right];
                if (below >= costs[set] || !AreLinked((ulong)left, (ulong)right, candidates))
                {
                    continue;
                }

                if (rows[set] == 0)
                {
                    rows[set] = origins.RowsOfJoin(
                        rows[left],
                        rows[right],
                        Applicable((ulong)left, (ulong)right, candidates));
                }

                // The side with fewer rows is kept in memory.
                double cost = below + rows[set] + Math.Min(rows[left], rows[right]);
                if (cost < costs[set])
                {
                    costs[set] = cost;
                    splits[set] = left;
                }
            }
        }

        return double.IsPositiveInfinity(costs[full])
            ? null
            : Build(full, splits, leaves, candidates, origins);
    }

    private static Part Build(
        int set,
        int[] splits,
        List<Part> leaves,
        Candidate[] candidates,
        ColumnOrigins origins) =>
        splits[set] == 0
            ? leaves[BitOperations.TrailingZeroCount(set)]
            : Merge(
                Build(set ^ splits[set], splits, leaves, candidates, origins),
                Build(splits[set], splits, leaves, candidates, origins),
                candidates,
                origins);

    private static (int Left, int Right) Cheapest(
        List<Part> parts,
        Candidate[] candidates,
        ColumnOrigins origins,
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
                    cost = Cost(parts[i], parts[j], candidates, origins);
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
        Part left, Part right, Candidate[] candidates, ColumnOrigins origins)
    {
        List<Expression> conditions = Applicable(left.Mask, right.Mask, candidates);
        return (origins.RowsOfJoin(left.Rows, right.Rows, conditions), conditions.Count > 0);
    }

    private static bool AreLinked(ulong left, ulong right, Candidate[] candidates)
    {
        foreach (Candidate candidate in candidates)
        {
            if (candidate.Joins(left, right))
            {
                return true;
            }
        }

        return false;
    }

    private static List<Expression> Applicable(
        ulong left, ulong right, Candidate[] candidates)
    {
        var conditions = new List<Expression>();
        foreach (Candidate candidate in candidates)
        {
            if (candidate.Joins(left, right))
            {
                conditions.Add(candidate.Condition);
            }
        }

        return conditions;
    }

    private static Part Merge(
        Part left, Part right, Candidate[] candidates, ColumnOrigins origins)
    {
        List<Expression> conditions = Applicable(left.Mask, right.Mask, candidates);
        Expression? condition = Conjuncts.Join(conditions);
        var node = new LogicalJoin(
            condition is null ? JoinKind.Cross : JoinKind.Inner,
            left.Node,
            right.Node,
            condition);
        double rows = origins.RowsOfJoin(left.Rows, right.Rows, conditions);
        return new Part(node, left.Mask | right.Mask, rows);
    }

    /// <summary>A condition and the leaves that it reads.</summary>
    private sealed record Candidate(Expression Condition, ulong Mask)
    {
        /// <summary>Whether it reads both sides, and nothing else.</summary>
        public bool Joins(ulong left, ulong right) =>
            (Mask & ~(left | right)) == 0 && (Mask & ~left) != 0 && (Mask & ~right) != 0;
    }

    /// <summary>Some leaves joined already; compared by identity.</summary>
    private sealed class Part(LogicalNode node, ulong mask, double rows)
    {
        public LogicalNode Node { get; } = node;

        public ulong Mask { get; } = mask;

        public double Rows { get; } = rows;
    }
}
