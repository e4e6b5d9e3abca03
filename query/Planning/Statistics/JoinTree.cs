namespace NeuroDb.Query;

/// <summary>
/// The sum over one set of inputs: messages between inputs and variables, from the variable with
/// the most inputs, of those from the one in which a few values decide most: of these more rows are
/// known. Used once.
/// </summary>
internal sealed class JoinTree
{
    // What values of one bin have in common does not hold for all of them.
    private const double BinVariance = 0.01;
    private const double CircleVariance = 0.5;

    private readonly JoinLeaf[] _leaves;
    private readonly List<JoinVariable> _variables;
    private readonly ulong _set;
    private readonly FollowedLeaves? _followed;
    private readonly HashSet<JoinVariable> _passed = [];
    private ulong _reached;
    private double _circles = 1;

    /// <summary>The tree of some inputs.</summary>
    /// <param name="leaves">All inputs.</param>
    /// <param name="variables">The columns by which some of them are joined.</param>
    /// <param name="set">Those of them that are meant, as bits.</param>
    /// <param name="followed">Which of them rows of others lead to; null for none.</param>
    public JoinTree(
        JoinLeaf[] leaves,
        List<JoinVariable> variables,
        ulong set,
        FollowedLeaves? followed = null)
    {
        _leaves = leaves;
        _followed = followed;
        _variables = followed?.Variables ?? variables;
        _set = set & ~(followed?.Followed ?? 0);
    }

    /// <summary>The variance of the logarithm of the sum.</summary>
    public double Variance { get; private set; }

    /// <summary>The rows of the join of all inputs, times a factor.</summary>
    public double Sum(double factor)
    {
        foreach (JoinVariable variable in _variables
            .OrderByDescending(static variable => variable.Members.Count)
            .ThenByDescending(static variable => variable.Bins.JoinShares.Max()))
        {
            if (!_passed.Contains(variable)
                && !variable.Members.Exists(member => IsReached(member.Leaf)))
            {
                factor *= SumAround(variable);
            }
        }

        for (int i = 0; i < _leaves.Length; i++)
        {
            if ((_set & (1UL << i)) == 0 || IsReached(i))
            {
                continue;
            }

            if (_followed?.RowsOf(i) is { } rows)
            {
                factor *= rows.Count;
                Variance += rows.Variance;
            }
            else
            {
                factor *= _leaves[i].Estimate.Rows;
                Variance += Square(_leaves[i].Estimate.Deviation);
            }
        }

        return factor * _circles;
    }

    /// <summary>
    /// The rows of the first of two inputs that have a partner in the second one, which a variable
    /// joins: those whose value the second one has, and of it a row that is left.
    /// </summary>
    public double SumWithPartner(JoinVariable variable)
    {
        _passed.Add(variable);
        int first = variable.Members[0].Leaf == 0 ? 0 : 1;
        int own = variable.Columns[first];
        int other = variable.Columns[1 - first];
        LeafSum left = SumOf(variable.Members[first], variable, own);
        LeafSum right = SumOf(variable.Members[1 - first], variable, other);
        double[] shares = variable.Bins.PartnerSharesOf(own, other);
        double[] values = variable.Bins.ValuesOf(other);
        double[] kept = variable.Bins.KeptValuesOf(other, right.Rows);
        double rows = 0;
        for (int bin = 0; bin < kept.Length; bin++)
        {
            rows += kept[bin] > 0 ? left.Rows[bin] * shares[bin] * kept[bin] / values[bin] : 0;
        }

        Variance += left.OwnVariance + right.OwnVariance + BinVariance;
        return rows;
    }

    private static double Square(double value) => value * value;

    private bool IsReached(int leaf) => (_reached & (1UL << leaf)) != 0;

    private double SumAround(JoinVariable variable)
    {
        List<int> members = Claim(variable, asking: null);
        double[] product = Join(variable, members, asking: null, out List<LeafSum> sums);
        double total = 0;
        foreach (double rows in product)
        {
            total += rows;
        }

        foreach (LeafSum sum in sums)
        {
            Variance += sum.VarianceOf(product, total);
        }

        return total;
    }

    /// <summary>How many partners a row in each bin has on the other sides of a variable.</summary>
    private double[] Partners(JoinVariable variable, JoinKey asking)
    {
        List<int> members = Claim(variable, asking);
        double[] partners = Join(variable, members, asking, out List<LeafSum> sums);
        foreach (LeafSum sum in sums)
        {
            Variance += sum.OwnVariance;
        }

        return partners;
    }

    // The inputs that are reached through a variable first; the others close circles.
    private List<int> Claim(JoinVariable variable, JoinKey? asking)
    {
        _passed.Add(variable);
        Variance += BinVariance;
        var members = new List<int>();
        for (int i = 0; i < variable.Members.Count; i++)
        {
            JoinKey member = variable.Members[i];
            if (member == asking)
            {
                continue;
            }

            if (IsReached(member.Leaf))
            {
                Close(member, variable);
            }
            else
            {
                _reached |= 1UL << member.Leaf;
                members.Add(i);
            }
        }

        return members;
    }

    private double[] Join(
        JoinVariable variable, List<int> members, JoinKey? asking, out List<LeafSum> sums)
    {
        var columns = new List<int>();
        if (asking is { } own)
        {
            columns.Add(variable.Columns[variable.Members.IndexOf(own)]);
        }

        columns.AddRange(members.Select(i => variable.Columns[i]));
        var product = (double[])variable.Bins.FactorsOf(columns.ToArray()).Clone();
        sums = [];
        foreach (int i in members)
        {
            LeafSum sum = SumOf(variable.Members[i], variable, variable.Columns[i]);
            sums.Add(sum);
            BinSums.Multiply(product, sum.Rows);
        }

        return product;
    }

    // A condition between inputs that are joined already: independent of how they are, but for
    // keys of several columns, which have no more values than the table has rows.
    private void Close(JoinKey member, JoinVariable variable)
    {
        Variance += CircleVariance;
        JoinKey other = variable.Members.Find(item => item.Leaf != member.Leaf);
        double distinct = JoinDistinct.Of(_leaves, [member], [other]);
        JoinVariable? first = _variables.Find(item => !ReferenceEquals(item, variable)
            && _passed.Contains(item)
            && item.Members.Exists(key => key.Leaf == member.Leaf)
            && item.Members.Exists(key => key.Leaf == other.Leaf));
        if (first is not null)
        {
            JoinKey left = first.Members.Find(key => key.Leaf == member.Leaf);
            JoinKey right = first.Members.Find(key => key.Leaf == other.Leaf);
            double both = JoinDistinct.Of(_leaves, [left, member], [right, other]);
            double one = JoinDistinct.Of(_leaves, [left], [right]);
            distinct = Math.Clamp(both / one, 1, distinct);
        }

        _circles /= distinct;
    }

    private LeafSum SumOf(JoinKey key, JoinVariable above, int column)
    {
        ScanSample sample = _leaves[key.Leaf].Sample!;
        List<(JoinVariable Variable, JoinKey Own)> below = [.. _variables
            .Where(variable => !_passed.Contains(variable)
                && variable.Members.Exists(item => item.Leaf == key.Leaf))
            .Select(variable => (
                variable, variable.Members.Find(item => item.Leaf == key.Leaf)))];
        if (_followed?.RowsOf(key.Leaf) is { } followed)
        {
            return SumOf(followed, key, above, below);
        }

        LeafRows rows = LeafRows.OfRanked(key, sample, above, below)
            ?? LeafRows.OfSample(key, sample, above.Bins);
        RareRows? rare = rows.Ranked is { IsWhole: true }
            || (sample.Passing is null && _variables.Count == 1)
            ? null
            : sample.Statistics.RareOf(key.Ordinal, above.Bins, sample.Scan.Table);
        var children = new List<LeafChild>();
        foreach ((JoinVariable variable, JoinKey own) in below)
        {
            // The others may have led to it meanwhile, which closed a circle.
            if (_passed.Contains(variable))
            {
                continue;
            }

            double[] partners = Partners(variable, own);
            bool isRead = rare?.CanRead(own.Ordinal, sample.Scan.Table) ?? false;
            rare = isRead ? rare : null;
            children.Add(new LeafChild(
                rows.BinsOf(own, variable.Bins, sample),
                rare?.BinsOf(own.Ordinal, variable.Bins).Rows ?? [],
                partners));
        }

        JoinLeaf leaf = _leaves[key.Leaf];
        LeafSum sum =
            LeafSum.Of(leaf, rows, above.Bins, column, children, key.Ordinal, rare);
        return leaf.GroupedBy == key.Ordinal
            ? sum.OfValues(above.Bins, column, leaf.ThinningOfGroups)
            : sum;
    }

    // Of rows that lead to those of other inputs.
    private LeafSum SumOf(
        FollowedRows rows,
        JoinKey key,
        JoinVariable above,
        List<(JoinVariable Variable, JoinKey Own)> below)
    {
        var children = new List<LeafChild>();
        foreach ((JoinVariable variable, JoinKey own) in below)
        {
            children.Add(new LeafChild(
                rows.BinsOf(own, variable.Bins), [], Partners(variable, own)));
        }

        return LeafSum.Of(rows, rows.BinsOf(key, above.Bins), above.Bins.Count, children);
    }
}
