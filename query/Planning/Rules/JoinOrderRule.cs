using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Chooses the order of inner joins. Up to ten tables it looks at all bushy orders without cross
/// products (<see cref="JoinSearch"/>). Beyond, or where a cross product is needed, it is greedy:
/// again and again it joins the two parts whose result is expected to be smallest (GOO, L. Fegaras
/// 1998), O(n^2) pairs for n tables, each looked at again only after one of its sides grew.
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

        if (plan is LogicalJoin { IsHalf: true, Left: LogicalJoin } half
            && HalfJoinPlace.Below(half) is { } below)
        {
            return Apply(below);
        }

        LogicalNode[] children = [.. plan.Children.Select(Apply)];
        return children.Length == 0 ? plan : plan.WithChildren(children);
    }

    /// <summary>The most inputs of which all orders are looked at.</summary>
    public const int ExhaustiveTableCountMax = 10;

    /// <summary>The inputs and conditions of inner joins that lie one in another.</summary>
    public static void Flatten(
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
        JoinCandidate[] candidates = MakeCandidates(leaves, conditions);
        var estimator = new JoinEstimator(leaves, conditions);
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i].Estimate = estimator.OfLeaf(i);
        }

        List<Part> parts =
        [
            .. leaves.Select((leaf, i) =>
                new Part(leaf, 1UL << i, leaf.Estimate!.Value.Rows)),
        ];
        if (leaves.Length <= ExhaustiveTableCountMax
            && new JoinSearch(leaves.Length, candidates, estimator).FindBest() is { } best)
        {
            return Build(best, parts, candidates, estimator).Node;
        }

        var costs = new Dictionary<(Part, Part), (double Rows, bool Linked)>();
        while (parts.Count > 1)
        {
            (int left, int right) = Cheapest(parts, candidates, estimator, costs);
            double rows = costs[(parts[left], parts[right])].Rows;
            Part joined = Merge(parts[left], parts[right], candidates, rows);
            parts[left] = joined;
            parts.RemoveAt(right);
        }

        return parts[0].Node;
    }

    private static JoinCandidate[] MakeCandidates(
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

        // What follows from equal columns is a condition too.
        var classes = new ColumnClasses(conditions, leafOf);
        return [.. conditions.Select((condition, number) =>
        {
            var columns = new HashSet<int>();
            ColumnSets.Collect(condition, columns);
            ulong mask = 0;
            foreach (int column in columns)
            {
                mask |= 1UL << leafOf[column];
            }

            Invariant.Check(BitOperations.PopCount(mask) >= 2);
            return new JoinCandidate(number, condition, mask, classes.ClassOf(condition));
        })];
    }

    private static Part Build(
        JoinOrder order, List<Part> leaves, JoinCandidate[] candidates, JoinEstimator estimator)
    {
        int split = order.Split;
        if (split == 0)
        {
            return leaves[BitOperations.TrailingZeroCount(order.Set)];
        }

        Part joined = Merge(
            Build(order.With(order.Set ^ split), leaves, candidates, estimator),
            Build(order.With(split), leaves, candidates, estimator),
            candidates,
            order.Rows);
        joined.Node.Estimate = estimator.Of((ulong)order.Set);
        return joined;
    }

    private static (int Left, int Right) Cheapest(
        List<Part> parts,
        JoinCandidate[] candidates,
        JoinEstimator estimator,
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
                    cost = Cost(parts[i], parts[j], candidates, estimator);
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
        Part left, Part right, JoinCandidate[] candidates, JoinEstimator estimator)
    {
        List<JoinCandidate> linking =
            JoinCandidate.Linking(candidates, left.Mask, right.Mask);
        return (estimator.OfPair(left.Rows, right.Rows, linking), linking.Count > 0);
    }

    private static Part Merge(Part left, Part right, JoinCandidate[] candidates, double rows)
    {
        Expression? condition = Conjuncts.Join(
            [.. JoinCandidate.Linking(candidates, left.Mask, right.Mask)
                .Select(static candidate => candidate.Condition)]);
        var node = new LogicalJoin(
            condition is null ? JoinKind.Cross : JoinKind.Inner,
            left.Node,
            right.Node,
            condition);
        return new Part(node, left.Mask | right.Mask, rows);
    }

    /// <summary>Some leaves joined already; compared by identity.</summary>
    private sealed class Part(LogicalNode node, ulong mask, double rows)
    {
        public LogicalNode Node { get; } = node;

        public ulong Mask { get; } = mask;

        public double Rows { get; } = rows;
    }
}
