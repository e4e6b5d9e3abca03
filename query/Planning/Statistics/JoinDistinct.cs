namespace NeuroDb.Query;

/// <summary>
/// How many different values the columns have by which two inputs are joined: one over the share of
/// the pairs of rows that a join keeps.
/// </summary>
internal static class JoinDistinct
{
    /// <summary>The values that the side with more of them has.</summary>
    public static double Of(JoinLeaf[] leaves, JoinKey[] first, JoinKey[] second)
    {
        (double left, bool isLeftUnique) = Of(leaves, first);
        (double right, bool isRightUnique) = Of(leaves, second);
        double distinct = isLeftUnique && !isRightUnique ? left
            : isRightUnique && !isLeftUnique ? right
            : Larger(left, right);
        return double.IsNaN(distinct)
            ? Math.Max(leaves[first[0].Leaf].Estimate.Rows, leaves[second[0].Leaf].Estimate.Rows)
            : Math.Max(1, distinct);
    }

    private static double Larger(double first, double second) =>
        double.IsNaN(first) ? second : double.IsNaN(second) ? first : Math.Max(first, second);

    private static (double Distinct, bool IsUnique) Of(JoinLeaf[] leaves, JoinKey[] keys)
    {
        JoinLeaf leaf = leaves[keys[0].Leaf];
        double listed = keys.Aggregate(
            1.0, (product, key) => product * (leaf.ValueCountOf(key.ColumnId) ?? double.NaN));
        (double distinct, bool isUnique) = OfTable(leaf, keys);
        return (double.IsNaN(listed) ? distinct : Math.Min(listed, distinct), isUnique);
    }

    private static (double Distinct, bool IsUnique) OfTable(JoinLeaf leaf, JoinKey[] keys)
    {
        int[] ordinals = [.. keys.Select(static key => key.Ordinal).Distinct().Order()];
        if (leaf.Sample is not { } sample || ordinals[0] < 0)
        {
            return OfColumns(leaf, keys);
        }

        bool isUnique = Array.IndexOf(ordinals, leaf.GroupedBy) >= 0
            || (leaf.IsPart && sample.Scan.Table.Schema.Keys.Any(
                key => key.Ordinals.All(ordinals.Contains)));
        return (sample.Statistics.DistinctOf(ordinals), isUnique);
    }

    // Of an input that is no table, from the tables that its columns come from.
    private static (double Distinct, bool IsUnique) OfColumns(JoinLeaf leaf, JoinKey[] keys)
    {
        var origins = new ColumnOrigins([leaf.Node]);
        double product = 1;
        double bound = 0;
        bool isUnique = false;
        foreach (JoinKey key in keys)
        {
            OutputColumn column = leaf.Node.Output.First(item => item.Id == key.ColumnId);
            (double distinct, double rows) = origins.Of(
                new ColumnExpression(column.Id, column.Name, column.Type), out bool isKey);
            product *= distinct;
            bound = Math.Max(bound, rows);
            isUnique |= isKey;
        }

        return (double.IsNaN(product) ? product : Math.Min(product, bound), isUnique);
    }
}
