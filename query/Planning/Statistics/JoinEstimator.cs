using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Estimates the rows of inner joins of any of some inputs. Columns that are made equal are a
/// variable; inputs and variables form a graph, and where that is a tree the rows are summed by
/// passing messages over it (Z. Wu et al., FactorJoin, SIGMOD 2023): a variable tells an input how
/// many partners a row has that lies in a bin, and an input tells a variable how many rows,
/// weighted by their partners, its sample has in each bin. A condition that closes a circle is
/// taken to be independent, apart from keys of several columns. What has no bins is estimated from
/// the numbers of different values (Selinger et al., SIGMOD 1979). Made for one planning, on one
/// thread.
/// </summary>
internal sealed class JoinEstimator
{
    private const int EstimateCountMax = 300;

    private readonly JoinLeaf[] _leaves;
    private readonly Expression[] _conditions;
    private readonly ulong[] _masks;
    private readonly (JoinKey Left, JoinKey Right)?[] _equal;
    private readonly double[] _distinct;
    private readonly Dictionary<ulong, RowEstimate> _known = [];
    private readonly Dictionary<string, KeyBins> _bins = [];
    private readonly SharedConditions? _shared;

    /// <summary>Looks at inputs and the conditions between them.</summary>
    public JoinEstimator(IReadOnlyList<LogicalNode> leaves, IReadOnlyList<Expression> conditions)
    {
        bool isLarge = leaves.Any(HasLargeTable);
        var keys = new HashSet<int>();
        foreach (Expression condition in conditions)
        {
            ColumnSets.Collect(condition, keys);
        }

        _leaves = [.. leaves.Select(leaf => JoinLeaf.Of(leaf, isLarge, keys))];
        _conditions = [.. conditions];
        _masks = [.. _conditions.Select(MaskOf)];
        _equal = [.. _conditions.Select(EqualOf)];
        _distinct = new double[_conditions.Length];
        _shared = SharedConditions.Of(
            _leaves, Pairs.Where(pair => ValueCountOf(pair) is null));
    }

    /// <summary>Whether bins are known of any of the conditions.</summary>
    public bool HasBins => Array.Exists(_equal, pair => pair is var (left, right)
        && KeysOf(left) is not null && KeysOf(right) is not null);

    /// <summary>The rows of one input.</summary>
    public RowEstimate OfLeaf(int leaf) => _leaves[leaf].Estimate;

    /// <summary>
    /// The rows of the join of some inputs, which their numbers' bits say; null once so many were
    /// estimated that planning would take long.
    /// </summary>
    public RowEstimate? Of(ulong set)
    {
        if (_known.TryGetValue(set, out RowEstimate known))
        {
            return known;
        }

        if (BitOperations.PopCount(set) == 1)
        {
            return _leaves[BitOperations.TrailingZeroCount(set)].Estimate;
        }

        if (_known.Count >= EstimateCountMax)
        {
            return null;
        }

        RowEstimate estimate = Estimate(set);
        if (JoinName.Of(set, _leaves, _conditions, _masks, _equal) is { } key)
        {
            estimate = estimate.Named(key);
        }

        _known.Add(set, estimate);
        return estimate;
    }

    /// <summary>
    /// The rows of a join of two parts with that many rows, from the numbers of different values
    /// alone: the product over the different values of each pair of equal columns. Several columns
    /// together have no more values than their table has rows.
    /// </summary>
    public double OfPair(double left, double right, IReadOnlyList<JoinCandidate> conditions)
    {
        double rows = left * right;
        double divisor = 1;
        double divisorMax = 1;
        foreach (JoinCandidate candidate in conditions)
        {
            if (_equal[candidate.Number] is not { } pair)
            {
                bool isEqual = candidate.Condition
                    is ComparisonExpression { Operator: BinaryOperator.Equal };
                rows *= isEqual ? 1 : Cardinality.ShareOf(candidate.Condition);
                divisor *= isEqual ? Math.Max(left, right) : 1;
                divisorMax = isEqual ? Math.Max(divisorMax, divisor) : divisorMax;
                continue;
            }

            divisor *= DistinctOf(candidate.Number, pair.Left, pair.Right);
            divisorMax = Math.Max(divisorMax, Math.Max(
                TableRows(pair.Left.Leaf), TableRows(pair.Right.Leaf)));
        }

        return Math.Max(1, rows / Math.Min(divisor, divisorMax));
    }

    /// <summary>
    /// Of two inputs, the share of the rows of the first one that have a partner in the second; of
    /// keys of several columns the values that the second one has left, over those of the side that
    /// has more. Null if the second one comes from no table with a sample.
    /// </summary>
    public double? ShareWithPartner()
    {
        Invariant.Check(_leaves.Length == 2);
        JoinLeaf[] leaves = _shared?.KeepOne(3, isFirst: true) ?? _leaves;
        List<(JoinKey Left, JoinKey Right)> pairs = [.. Pairs];
        if (pairs is [(var one, var other)] && KeysOf(one) is not null && KeysOf(other) is not null)
        {
            List<JoinVariable> variables = VariablesOf(pairs);
            return new JoinTree(leaves, variables, 3).SumWithPartner(variables[0])
                / leaves[0].Estimate.Rows;
        }

        JoinKey[] left = [.. pairs.Select(
            static pair => pair.Left.Leaf == 0 ? pair.Left : pair.Right)];
        JoinKey[] right = [.. pairs.Select(
            static pair => pair.Left.Leaf == 0 ? pair.Right : pair.Left)];
        if (left.Length == 0 || leaves[1].Sample is not { } sample
            || Array.Exists(right, static key => key.Ordinal < 0))
        {
            return null;
        }

        double rows = sample.RowCount;
        double distinct = sample.Statistics.DistinctOf(
            [.. right.Select(static key => key.Ordinal).Distinct().Order()]);
        double share = Math.Min(1, leaves[1].Estimate.Rows / rows);

        // A value is gone when all its rows are.
        double kept = distinct * (1 - Math.Pow(1 - share, rows / distinct));
        return Math.Min(1, kept / JoinDistinct.Of(leaves, left, right));
    }

    private IEnumerable<(JoinKey Left, JoinKey Right)> Pairs =>
        _equal.OfType<(JoinKey Left, JoinKey Right)>();

    private double TableRows(int leaf) => Math.Max(
        _leaves[leaf].Estimate.Rows, _leaves[leaf].Sample?.RowCount ?? 0);

    private double DistinctOf(int number, JoinKey left, JoinKey right)
    {
        if (_distinct[number] == 0)
        {
            _distinct[number] = JoinDistinct.Of(_leaves, [left], [right]);
        }

        return _distinct[number];
    }

    private static bool HasLargeTable(LogicalNode node) =>
        (node is LogicalScan scan && TableStatistics.Of(scan.Table) is not null)
        || node.Children.Any(HasLargeTable)
        || (JoinLeaf.TrySource(node, out LogicalScan source, out _)
            && TableStatistics.Of(source.Table) is not null);

    private ulong MaskOf(Expression condition)
    {
        var columns = new HashSet<int>();
        ColumnSets.Collect(condition, columns);
        ulong mask = 0;
        for (int i = 0; i < _leaves.Length; i++)
        {
            mask |= columns.Any(_leaves[i].Has) ? 1UL << i : 0;
        }

        return mask;
    }

    private (JoinKey, JoinKey)? EqualOf(Expression condition)
    {
        if (condition is not ComparisonExpression { Operator: BinaryOperator.Equal } equal
            || equal.Children is not [ColumnExpression left, ColumnExpression right]
            || left.Type.Physical != right.Type.Physical)
        {
            return null;
        }

        JoinKey first = KeyOf(left);
        JoinKey second = KeyOf(right);
        return first.Leaf == second.Leaf ? null : (first, second);
    }

    private JoinKey KeyOf(ColumnExpression column)
    {
        int leaf = Array.FindIndex(_leaves, item => item.Has(column.Id));
        Invariant.Check(leaf >= 0);
        return new JoinKey(leaf, _leaves[leaf].OrdinalOf(column.Id), column.Id);
    }

    private KeyCounts? KeysOf(JoinKey key) =>
        key.Ordinal < 0 ? null : _leaves[key.Leaf].KeysOf(key.Ordinal);

    private RowEstimate Estimate(ulong set)
    {
        double factor = 1;
        double deviation = 0;
        bool isGuess = false;
        var pairs = new List<(JoinKey Left, JoinKey Right)>();
        var loose = new List<(JoinKey Left, JoinKey Right)>();
        var listed = new List<(JoinKey Left, JoinKey Right)>();
        for (int i = 0; i < _conditions.Length; i++)
        {
            if ((_masks[i] & ~set) != 0 || BitOperations.PopCount(_masks[i]) < 2)
            {
                continue;
            }

            if (_equal[i] is not { } pair)
            {
                factor *= ShareOfOther(i);
                deviation += 1;
                isGuess = true;
            }
            else if (ValueCountOf(pair) is { } count)
            {
                factor /= IsImplied(pair, listed) ? 1 : count;
                listed.Add(pair);
                isGuess |= _leaves[pair.Left.Leaf].IsGuessed || _leaves[pair.Right.Leaf].IsGuessed;
            }
            else if (KeysOf(pair.Left) is null || KeysOf(pair.Right) is null)
            {
                if (!IsImplied(pair, loose))
                {
                    loose.Add(pair);
                }
            }
            else
            {
                pairs.Add(pair);
            }
        }

        List<JoinVariable> variables = VariablesOf(pairs);
        JoinLeaf[] leaves = _shared?.KeepOne(set) ?? _leaves;
        var tree = new JoinTree(leaves, variables, set, FollowedLeaves.Of(leaves, variables));
        double rows = tree.Sum(factor) * LooseFactor(leaves, loose);
        deviation += tree.Variance + (0.25 * loose.Count);
        EstimateSource source = isGuess || (loose.Count > 0 && !AllSampled(set))
            ? EstimateSource.Default
            : loose.Count > 0 || variables.Count == 0 ? EstimateSource.Sample : EstimateSource.Bins;
        return RowEstimate.Of(Math.Max(1, rows), Math.Sqrt(deviation), source)
            .AtMost(Math.Max(1, Product(set)));
    }

    // Where conditions leave both columns a few values, they are the same ones.
    private int? ValueCountOf((JoinKey Left, JoinKey Right) pair) =>
        _leaves[pair.Left.Leaf].ValueCountOf(pair.Left.ColumnId) is { } left
        && _leaves[pair.Right.Leaf].ValueCountOf(pair.Right.ColumnId) is { } right
            ? Math.Max(left, right)
            : null;

    // A pair says nothing new where others lead from one of its columns to the other.
    private static bool IsImplied(
        (JoinKey Left, JoinKey Right) pair, List<(JoinKey Left, JoinKey Right)> known)
    {
        var reached = new List<JoinKey> { pair.Left };
        for (int i = 0; i < reached.Count; i++)
        {
            foreach ((JoinKey left, JoinKey right) in known)
            {
                if ((left == reached[i] || right == reached[i])
                    && (left == reached[i] ? right : left) is var other
                    && !reached.Contains(other))
                {
                    reached.Add(other);
                }
            }
        }

        return reached.Contains(pair.Right);
    }

    // An equality of what is computed: as if the larger side had no value twice.
    private double ShareOfOther(int number)
    {
        if (_conditions[number] is not ComparisonExpression { Operator: BinaryOperator.Equal })
        {
            return Cardinality.ShareOf(_conditions[number]);
        }

        return 1 / Math.Max(1, _leaves
            .Where((_, i) => (_masks[number] & (1UL << i)) != 0)
            .Max(static leaf => leaf.Estimate.Rows));
    }

    private bool AllSampled(ulong set)
    {
        for (int i = 0; i < _leaves.Length; i++)
        {
            if ((set & (1UL << i)) != 0 && _leaves[i].Sample is null)
            {
                return false;
            }
        }

        return true;
    }

    private double Product(ulong set)
    {
        double product = 1;
        for (int i = 0; i < _leaves.Length; i++)
        {
            product *= (set & (1UL << i)) != 0 ? Math.Max(1, OfLeaf(i).High) : 1;
        }

        return product;
    }

    // Columns that are equal, directly or through others, put together.
    private List<JoinVariable> VariablesOf(List<(JoinKey Left, JoinKey Right)> pairs)
    {
        var equal = new EqualSets<JoinKey>(static (left, right) => left == right);
        foreach ((JoinKey left, JoinKey right) in pairs)
        {
            equal.Join(left, right);
        }

        return [.. equal.All.Select(MakeVariable)];
    }

    private JoinVariable MakeVariable(List<JoinKey> members)
    {
        // All columns that the whole query makes equal share their bins in every part of it.
        List<JoinKey> all = AllEqualTo(members[0]);
        string name = string.Join(',', all.Select(static key => key.ColumnId));
        if (!_bins.TryGetValue(name, out KeyBins? bins))
        {
            bins = KeyBinsCache.Of([.. all.Select(key => KeysOf(key)!).Distinct()]);
            _bins.Add(name, bins);
        }

        return new JoinVariable(
            members, bins, [.. members.Select(key => bins.IndexOf(KeysOf(key)!))]);
    }

    private List<JoinKey> AllEqualTo(JoinKey key)
    {
        var all = new List<JoinKey> { key };
        for (int i = 0; i < all.Count; i++)
        {
            foreach ((JoinKey Left, JoinKey Right)? pair in _equal)
            {
                if (pair is var (left, right)
                    && (left == all[i] || right == all[i])
                    && (left == all[i] ? right : left) is var other
                    && KeysOf(left) is not null && KeysOf(right) is not null
                    && !all.Contains(other))
                {
                    all.Add(other);
                }
            }
        }

        all.Sort(static (left, right) => left.ColumnId.CompareTo(right.ColumnId));
        return all;
    }

    // Each pair of inputs for itself: of the side that has more different values. What refers to
    // a key has no more values than the key.
    private static double LooseFactor(
        JoinLeaf[] leaves, List<(JoinKey Left, JoinKey Right)> pairs)
    {
        double factor = 1;
        foreach (IGrouping<(int, int), (JoinKey Left, JoinKey Right)> group in pairs.GroupBy(
            static pair => (
                Math.Min(pair.Left.Leaf, pair.Right.Leaf),
                Math.Max(pair.Left.Leaf, pair.Right.Leaf))))
        {
            JoinKey[] first = [.. group.Select(pair =>
                pair.Left.Leaf == group.Key.Item1 ? pair.Left : pair.Right)];
            JoinKey[] second = [.. group.Select(pair =>
                pair.Left.Leaf == group.Key.Item1 ? pair.Right : pair.Left)];
            factor /= JoinDistinct.Of(leaves, first, second);
        }

        return factor;
    }
}
