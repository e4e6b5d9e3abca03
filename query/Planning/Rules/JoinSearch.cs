namespace NeuroDb.Query;

/// <summary>
/// Looks at all bushy orders of some joins without cross products and finds the one whose
/// intermediate results are expected to be smallest together (dynamic programming over sets: G.
/// Moerkotte and T. Neumann, VLDB 2006). It does so twice: for the rows expected, and for the rows
/// that there are at most. The order that is best at the worst is the safe one; the other is taken
/// where it cannot be much worse than that.
/// </summary>
internal sealed class JoinSearch
{
    // How much more an order may cost at the worst than the safe one.
    private const double RegretMax = 2;

    private readonly int _full;
    private readonly JoinCandidate[] _candidates;
    private readonly JoinEstimator _estimator;
    private readonly RowEstimate[] _rows;

    /// <summary>Prepares for some inputs.</summary>
    public JoinSearch(int count, JoinCandidate[] candidates, JoinEstimator estimator)
    {
        _full = (1 << count) - 1;
        _candidates = candidates;
        _estimator = estimator;
        _rows = new RowEstimate[_full + 1];
        for (int i = 0; i < count; i++)
        {
            _rows[1 << i] = estimator.OfLeaf(i);
        }
    }

    /// <summary>The best order; null if all need a cross product.</summary>
    public JoinOrder? FindBest()
    {
        if (Search(static estimate => estimate.Rows) is not { } expected)
        {
            return null;
        }

        var rows = Array.ConvertAll(_rows, static estimate => estimate.Rows);
        int[] safe = Search(static estimate => estimate.High)!;
        double[] most = Array.ConvertAll(_rows, static estimate => estimate.High);
        bool isBounded = CostOf(_full, expected, most) <= RegretMax * CostOf(_full, safe, most);
        return new JoinOrder(_full, isBounded ? expected : safe, rows);
    }

    private int[]? Search(Func<RowEstimate, double> measure)
    {
        var costs = new double[_full + 1];
        var splits = new int[_full + 1];
        Array.Fill(costs, double.PositiveInfinity);
        for (int leaf = 1; leaf <= _full; leaf <<= 1)
        {
            costs[leaf] = 0;
        }

        for (int set = 3; set <= _full; set++)
        {
            for (int left = (set - 1) & set; left > (set ^ left); left = (left - 1) & set)
            {
                int right = set ^ left;
                double below = costs[left] + costs[right];
                if (below >= costs[set] || !AreLinked((ulong)left, (ulong)right))
                {
                    continue;
                }

                if (_rows[set].Rows == 0)
                {
                    _rows[set] = Estimate(left, right);
                }

                double cost = below + CostOfJoin(
                    measure(_rows[set]), measure(_rows[left]), measure(_rows[right]));
                if (cost < costs[set])
                {
                    costs[set] = cost;
                    splits[set] = left;
                }
            }
        }

        return double.IsPositiveInfinity(costs[_full]) ? null : splits;
    }

    // The side with fewer rows is kept in memory.
    private static double CostOfJoin(double rows, double left, double right) =>
        rows + Math.Min(left, right);

    private static double CostOf(int set, int[] splits, double[] rows)
    {
        int left = splits[set];
        int right = set ^ left;
        return left == 0
            ? 0
            : CostOf(left, splits, rows) + CostOf(right, splits, rows)
                + CostOfJoin(rows[set], rows[left], rows[right]);
    }

    private RowEstimate Estimate(int left, int right)
    {
        ulong set = (ulong)(left | right);
        if (_estimator.Of(set) is { } known)
        {
            return known;
        }

        List<JoinCandidate> linking =
            JoinCandidate.Linking(_candidates, (ulong)left, (ulong)right);
        double rows = _estimator.OfPair(_rows[left].Rows, _rows[right].Rows, linking);
        return _rows[left].Guessed(rows);
    }

    private bool AreLinked(ulong left, ulong right)
    {
        foreach (JoinCandidate candidate in _candidates)
        {
            if (candidate.Joins(left, right))
            {
                return true;
            }
        }

        return false;
    }
}
