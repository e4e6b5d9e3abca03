using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Says what the rows of a join of some tables are, equal for equal joins.</summary>
internal static class JoinName
{
    /// <summary>The name; null where something other than tables is joined.</summary>
    /// <param name="set">The inputs that are joined, by the bits of their numbers.</param>
    /// <param name="leaves">All inputs.</param>
    /// <param name="conditions">All conditions.</param>
    /// <param name="masks">The inputs that each condition reads.</param>
    /// <param name="equal">The columns that a condition makes equal.</param>
    public static EstimateKey? Of(
        ulong set,
        JoinLeaf[] leaves,
        Expression[] conditions,
        ulong[] masks,
        (JoinKey Left, JoinKey Right)?[] equal)
    {
        var tables = new List<TableEntry>();
        for (int i = 0; i < leaves.Length; i++)
        {
            if ((set & (1UL << i)) == 0)
            {
                continue;
            }

            if (leaves[i] is not { IsPlain: true, Sample: { } sample })
            {
                return null;
            }

            tables.Add(sample.Scan.Table);
        }

        return new EstimateKey(
            [.. tables.OrderBy(static table => table.Schema.Name, StringComparer.Ordinal)],
            () => TextOf(set, leaves, conditions, masks, equal));
    }

    private static string TextOf(
        ulong set,
        JoinLeaf[] leaves,
        Expression[] conditions,
        ulong[] masks,
        (JoinKey Left, JoinKey Right)?[] equal)
    {
        string Leaf(int leaf) =>
            $"{leaves[leaf].Sample!.Scan.Table.Schema.Name}[{leaves[leaf].Sample!.Text}]";
        var parts = new List<string>();
        for (int i = 0; i < leaves.Length; i++)
        {
            if ((set & (1UL << i)) != 0)
            {
                parts.Add(Leaf(i));
            }
        }

        for (int i = 0; i < conditions.Length; i++)
        {
            if ((masks[i] & ~set) == 0)
            {
                string[] sides = equal[i] is var (left, right)
                    ? [$"{Leaf(left.Leaf)}.{left.Ordinal}", $"{Leaf(right.Leaf)}.{right.Ordinal}"]
                    : [conditions[i].ToString(), ""];
                Array.Sort(sides, StringComparer.Ordinal);
                parts.Add(string.Join('=', sides));
            }
        }

        parts.Sort(StringComparer.Ordinal);
        return string.Join(';', parts);
    }
}
