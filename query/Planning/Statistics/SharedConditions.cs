using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// Conditions that hold for equal columns of several inputs, such as id &lt; 100 of both sides of
/// a.id = b.id: a value that one side has left the other has left too. So a join counts them at one
/// of its inputs only, and takes all values of the others.
/// </summary>
internal sealed class SharedConditions
{
    // What the share of a condition has to do with further ones of its input is not seen where it
    // is counted elsewhere.
    private const double DependenceVariance = 0.25;

    private readonly JoinLeaf[] _leaves;
    private readonly List<(JoinPart Left, JoinPart Right)> _pairs = [];
    private readonly Dictionary<JoinPart, JoinLeaf> _without = [];

    private SharedConditions(JoinLeaf[] leaves)
    {
        _leaves = leaves;
    }

    /// <summary>Looks for them; null if there are none.</summary>
    /// <param name="leaves">All inputs.</param>
    /// <param name="equal">The columns that are equal, pair by pair.</param>
    public static SharedConditions? Of(
        JoinLeaf[] leaves, IEnumerable<(JoinKey Left, JoinKey Right)> equal)
    {
        var shared = new SharedConditions(leaves);
        foreach ((JoinKey left, JoinKey right) in equal)
        {
            shared.AddPairs(left, right);
        }

        return shared._pairs.Count == 0 ? null : shared;
    }

    /// <summary>The inputs, each condition left at one of those that share it.</summary>
    /// <param name="set">The inputs that are joined, by the bits of their numbers.</param>
    /// <param name="isFirst">Whether it is left at the first of them.</param>
    public JoinLeaf[] KeepOne(ulong set, bool isFirst = false)
    {
        var groups = new EqualSets<JoinPart>(static (left, right) => left == right);
        foreach ((JoinPart left, JoinPart right) in _pairs)
        {
            if (((set >> left.Leaf) & (set >> right.Leaf) & 1) != 0)
            {
                groups.Join(left, right);
            }
        }

        var dropped = new ulong[_leaves.Length];
        foreach (List<JoinPart> group in groups.All)
        {
            int keeping = group.Min(static part => part.Leaf);
            keeping = isFirst ? keeping : MostCertain(group);
            foreach (JoinPart part in group)
            {
                dropped[part.Leaf] |= part.Leaf == keeping ? 0 : part.Parts;
            }
        }

        return [.. _leaves.Select((leaf, i) => dropped[i] == 0 ? leaf : Without(i, dropped[i]))];
    }

    // What reads one of the columns alone, and stands at the other one, too.
    private void AddPairs(JoinKey left, JoinKey right)
    {
        if (ColumnOf(left) is not { } from || ColumnOf(right) is not { } to)
        {
            return;
        }

        var names = new Dictionary<int, Expression> { [from.Id] = to };
        HashSet<int> own = [from.Id];
        List<Expression> parts = _leaves[left.Leaf].Parts;
        List<Expression> others = _leaves[right.Leaf].Parts;
        for (int i = 0; i < Math.Min(64, parts.Count); i++)
        {
            if (ColumnSets.ReadsOnly(parts[i], own)
                && ColumnSets.Substitute(parts[i], names) is var moved
                && others.FindIndex(part => ExpressionEquality.AreEqual(part, moved))
                    is >= 0 and < 64 and var found)
            {
                _pairs.Add((
                    new JoinPart(left.Leaf, 1UL << i), new JoinPart(right.Leaf, 1UL << found)));
            }
        }
    }

    // The column of the table under an input.
    private ColumnExpression? ColumnOf(JoinKey key)
    {
        int id = _leaves[key.Leaf].TableIdOf(key.ColumnId);
        OutputColumn? column = _leaves[key.Leaf].Sample?.Scan.Output
            .FirstOrDefault(item => item.Id == id);
        return column is null ? null : new ColumnExpression(column.Id, column.Name, column.Type);
    }

    // The input of which most is known, or that has further conditions, which then may have to do
    // with it.
    private int MostCertain(List<JoinPart> group)
    {
        int furtherCount = group.Count(part => HasFurther(part.Leaf));
        return group.MinBy(part =>
            Square(_leaves[part.Leaf].Estimate.Deviation)
            + (DependenceVariance * (furtherCount - (HasFurther(part.Leaf) ? 1 : 0)))).Leaf;
    }

    private bool HasFurther(int leaf)
    {
        ulong shared = 0;
        foreach ((JoinPart left, JoinPart right) in _pairs)
        {
            shared |= left.Leaf == leaf ? left.Parts : right.Leaf == leaf ? right.Parts : 0;
        }

        return BitOperations.PopCount(shared) < _leaves[leaf].Parts.Count;
    }

    private JoinLeaf Without(int leaf, ulong parts)
    {
        var key = new JoinPart(leaf, parts);
        if (!_without.TryGetValue(key, out JoinLeaf? without))
        {
            without = _leaves[leaf].Without(parts);
            _without.Add(key, without);
        }

        return without;
    }

    private static double Square(double value) => value * value;
}
