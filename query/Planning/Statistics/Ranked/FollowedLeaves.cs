namespace NeuroDb.Query;

/// <summary>
/// Inputs of a join whose rows are found by following a key from those of another input: of a row
/// that refers to another one it is known which that is, so its conditions are evaluated on pairs,
/// and what they have to do with each other is seen. Both inputs are one from then on, of at most
/// some thousand rows. The others stay as they are: bins say enough of many rows.
/// </summary>
internal sealed class FollowedLeaves
{
    // Of a part of a table, fewer rows say less than bins do.
    private const int PartRowCountMin = 32;

    // Conditions that are like each other let more rows pass than each for itself.
    private const double RowCountSlack = 8;

    private readonly Dictionary<int, FollowedRows> _rows = [];
    private readonly JoinLeaf[] _leaves;
    private readonly List<KeyStep> _steps = [];

    private FollowedLeaves(JoinLeaf[] leaves, List<JoinVariable> variables)
    {
        _leaves = leaves;
        Variables = variables;
    }

    /// <summary>The columns by which the inputs that are left are joined.</summary>
    public List<JoinVariable> Variables { get; private set; }

    /// <summary>The inputs that others lead to, as bits.</summary>
    public ulong Followed { get; private set; }

    /// <summary>Looks for keys to follow; null if there are none that it is worth to.</summary>
    /// <param name="leaves">All inputs.</param>
    /// <param name="variables">The columns by which some of them are joined.</param>
    public static FollowedLeaves? Of(JoinLeaf[] leaves, List<JoinVariable> variables)
    {
        var followed = new FollowedLeaves(leaves, variables);
        foreach (JoinVariable variable in variables)
        {
            followed.AddSteps(variable);
        }

        if (followed._steps.Count == 0 || !IsTree(variables))
        {
            return null;
        }

        followed.FollowAll();
        if (followed._rows.Count == 0)
        {
            return null;
        }

        followed.Variables = followed.Joined(variables, static _ => true);
        return followed;
    }

    /// <summary>The rows of an input that leads to others; null for other inputs.</summary>
    public FollowedRows? RowsOf(int leaf) => _rows.GetValueOrDefault(leaf);

    // From the input with the fewest rows to each whose key is a member.
    private void AddSteps(JoinVariable variable)
    {
        foreach (JoinKey member in variable.Members)
        {
            int key = KeyOf(member);
            if (key < 0 || _steps.Exists(step => step.To.Leaf == member.Leaf))
            {
                continue;
            }

            JoinKey? from = null;
            foreach (JoinKey other in variable.Members)
            {
                if (other.Leaf != member.Leaf && IsSampled(other) && HaveOneType(other, member)
                    && !Leads(member.Leaf, other.Leaf)
                    && (from is null || RowsIn(other) < RowsIn(from.Value)))
                {
                    from = other;
                }
            }

            if (from is { } chosen)
            {
                _steps.Add(new KeyStep(chosen, member, key));
            }
        }
    }

    private double RowsIn(JoinKey key) => _leaves[key.Leaf].Estimate.Rows;

    private bool IsSampled(JoinKey key) =>
        _leaves[key.Leaf] is { IsPlain: true, Sample: { } sample }
        && RankedSample.OfAnalyzed(sample) is not null;

    private bool HaveOneType(JoinKey left, JoinKey right) => TypeOf(left) == TypeOf(right);

    private DataType TypeOf(JoinKey key) =>
        _leaves[key.Leaf].Sample!.Scan.Table.Schema.Columns[key.Ordinal].Type;

    // Which key of its table a column is by itself; -1 for none.
    private int KeyOf(JoinKey member)
    {
        if (_leaves[member.Leaf] is not { IsPlain: true, Sample: { } sample })
        {
            return -1;
        }

        IReadOnlyList<KeySchema> keys = sample.Scan.Table.Schema.Keys;
        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i].Ordinals is [var ordinal] && ordinal == member.Ordinal)
            {
                return i;
            }
        }

        return -1;
    }

    private bool Leads(int from, int to) =>
        from == to || _steps.Exists(step => step.From.Leaf == from && Leads(step.To.Leaf, to));

    // Conditions that close a circle are left to who knows about them.
    private static bool IsTree(List<JoinVariable> variables)
    {
        var known = new EqualSets<int>(static (left, right) => left == right);
        foreach (JoinVariable variable in variables)
        {
            for (int i = 1; i < variable.Members.Count; i++)
            {
                int leaf = variable.Members[i].Leaf;
                int first = variable.Members[0].Leaf;
                if (leaf == first || known.Of(leaf)?.Contains(first) == true)
                {
                    return false;
                }

                known.Join(first, leaf);
            }
        }

        return true;
    }

    // Where there are too many rows, those that they lead to may be followed farther.
    private void FollowAll()
    {
        var tried = new HashSet<int>();
        while (_steps.Find(step => !tried.Contains(step.From.Leaf)
            && !_steps.Exists(other => other.To.Leaf == step.From.Leaf)) is { } next)
        {
            int root = next.From.Leaf;
            tried.Add(root);
            List<KeyStep> steps = StepsFrom(root);
            if (Follow(root, steps) is { } rows)
            {
                _rows.Add(root, rows);
                foreach (KeyStep step in steps)
                {
                    Followed |= 1UL << step.To.Leaf;
                }
            }
            else
            {
                _steps.RemoveAll(step => step.From.Leaf == root);
            }
        }
    }

    private List<KeyStep> StepsFrom(int root)
    {
        List<KeyStep> steps = [.. _steps.Where(step => step.From.Leaf == root)];
        for (int i = 0; i < steps.Count; i++)
        {
            steps.AddRange(_steps.Where(step => step.From.Leaf == steps[i].To.Leaf));
        }

        return steps;
    }

    private FollowedRows? Follow(int root, List<KeyStep> steps)
    {
        ScanSample sample = _leaves[root].Sample!;
        RankedSample ranked = RankedSample.OfAnalyzed(sample)!;
        double expected = ranked.Count * ShareOf(root);
        foreach (KeyStep step in steps)
        {
            expected *= ShareOf(step.To.Leaf);
        }

        if (expected > RowCountSlack * LeafRows.RankedCountMax
            || sample.BitsOf(ranked) is not { } own)
        {
            return null;
        }

        ulong[] bits = [.. own];
        double scale = sample.RowCount / ranked.Count * GuessedShare(sample);
        var samples = new Dictionary<int, RankedSample> { [root] = ranked };
        foreach (KeyStep step in steps)
        {
            ScanSample target = _leaves[step.To.Leaf].Sample!;
            if (samples[step.From.Leaf].Follow(step.From.Ordinal, target, step.KeyOrdinal)
                    is not { } found
                || target.BitsOf(found.Rows) is not { } passing)
            {
                return null;
            }

            samples[step.To.Leaf] = found.Rows;
            RankedSample.And(bits, found.Found);
            RankedSample.And(bits, passing);
            scale *= GuessedShare(target);
        }

        return KeepJoined(bits, steps, samples) is { } columns
            && SampleBits.CountOf(bits) is var count
            && count <= LeafRows.RankedCountMax && (ranked.IsWhole || count >= PartRowCountMin)
            ? new FollowedRows(
                SampleBits.RowsOf(bits),
                scale,
                Math.Max(0, 1 - (ranked.Count / sample.RowCount)),
                columns)
            : null;
    }

    private double ShareOf(int leaf) =>
        _leaves[leaf].Estimate.Rows / _leaves[leaf].Sample!.RowCount;

    // Of conditions that cannot be evaluated beforehand, and of what runs have seen.
    private static double GuessedShare(ScanSample sample) =>
        sample.Correction / sample.SampleCorrection;

    // Drops the rows that have no partners in other inputs. Null where nobody knows the bins of a
    // column.
    private Dictionary<int, RankedSample>? KeepJoined(
        ulong[] bits, List<KeyStep> steps, Dictionary<int, RankedSample> samples)
    {
        var columns = new Dictionary<int, RankedSample>();
        foreach (JoinVariable variable in Joined(
            Variables, leaf => steps.Exists(step => step.To.Leaf == leaf)))
        {
            foreach (JoinKey key in variable.Members)
            {
                JoinKey own = Variables.SelectMany(static one => one.Members)
                    .First(member => member.ColumnId == key.ColumnId);
                if (!samples.TryGetValue(own.Leaf, out RankedSample? rows))
                {
                    continue;
                }

                if (rows.BinsOf(key.Ordinal, variable.Bins) is not { } bins)
                {
                    return null;
                }

                columns.Add(key.ColumnId, rows);
                RankedSample.And(bits, rows.JoinedBy(key.Ordinal, variable, bins).Bits);
            }
        }

        return columns;
    }

    // Columns of inputs that others lead to are columns of these, and a key is not joined by where
    // it is followed.
    private List<JoinVariable> Joined(List<JoinVariable> variables, Func<int, bool> isFollowed)
    {
        var joined = new List<JoinVariable>(variables.Count);
        foreach (JoinVariable variable in variables)
        {
            var members = new List<JoinKey>(variable.Members.Count);
            var columns = new List<int>(variable.Members.Count);
            for (int i = 0; i < variable.Members.Count; i++)
            {
                JoinKey member = variable.Members[i];
                bool isStep = false;
                while (_steps.Find(step => step.To.Leaf == member.Leaf) is { } step
                    && isFollowed(step.To.Leaf))
                {
                    isStep |= step.To == variable.Members[i];
                    member = member with { Leaf = step.From.Leaf };
                }

                if (!isStep)
                {
                    members.Add(member);
                    columns.Add(variable.Columns[i]);
                }
            }

            if (members.Count > 1)
            {
                joined.Add(new JoinVariable(members, variable.Bins, [.. columns]));
            }
        }

        return joined;
    }
}
