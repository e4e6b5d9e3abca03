namespace NeuroDb.Query;

/// <summary>
/// Those rows of an input that satisfy all conditions on it and on the rows of other inputs to
/// which they lead, and that may have partners in the rest of a join.
/// </summary>
/// <param name="Passing">The rows, by their places in the sample.</param>
/// <param name="Scale">How many rows of the join of these inputs each of them stands for.</param>
/// <param name="Unseen">The share of the rows of the table that was not looked at.</param>
/// <param name="Samples">The rows of each input, by its columns' identifiers.</param>
internal sealed record FollowedRows(
    int[] Passing, double Scale, double Unseen, Dictionary<int, RankedSample> Samples)
{
    /// <summary>How many rows the join of these inputs has.</summary>
    public double Count => Scale * Passing.Length;

    /// <summary>The variance of the logarithm of <see cref="Count"/>.</summary>
    public double Variance => Unseen / Math.Max(1, Passing.Length);

    /// <summary>In which bins the rows lie by one of their columns.</summary>
    public int[] BinsOf(JoinKey key, KeyBins bins) =>
        Samples[key.ColumnId].BinsOf(key.Ordinal, bins)!.Rows;
}
