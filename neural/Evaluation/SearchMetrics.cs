namespace NeuroDb.Neural;

/// <summary>How good the first k of a ranking are, for one question.</summary>
/// <param name="Gain">
/// nDCG: the discounted gains by those of the best order of all right items.
/// </param>
/// <param name="Recall">The share of the right items that are among the first k.</param>
/// <param name="Precision">The share of the k places that have a right item.</param>
/// <param name="ReciprocalRank">1 by the place of the first right item; 0 without one.</param>
internal readonly record struct SearchMetrics(
    double Gain, double Recall, double Precision, double ReciprocalRank)
{
    /// <summary>
    /// Judges a ranking. An item counts at its first place only; one that is not judged has the
    /// gain 0.
    /// </summary>
    /// <remarks>
    /// DCG = sum of g_i / log2(1 + i) over places i from 1 to k (Jaervelin and Kekaelaeinen,
    /// "Cumulated Gain-Based Evaluation of IR Techniques", ACM TOIS 20(4), 2002, with the discount
    /// of trec_eval).
    /// </remarks>
    /// <param name="items">The items, best first.</param>
    /// <param name="gains">The gains of the judged items, some of them above 0.</param>
    /// <param name="k">How many places count.</param>
    public static SearchMetrics Of(
        IEnumerable<string> items, IReadOnlyDictionary<string, double> gains, int k)
    {
        double reached = 0;
        int found = 0;
        int first = 0;
        int place = 0;
        foreach (string item in items.Distinct(StringComparer.Ordinal).Take(k))
        {
            place++;
            double gain = gains.GetValueOrDefault(item);
            reached += gain / Math.Log2(1 + place);
            found += gain > 0 ? 1 : 0;
            first = first == 0 && gain > 0 ? place : first;
        }

        double[] best = [.. gains.Values.Where(static it => it > 0).OrderDescending()];
        Invariant.Check(best.Length > 0);
        double ideal = 0;
        for (int i = 0; i < Math.Min(k, best.Length); i++)
        {
            ideal += best[i] / Math.Log2(2 + i);
        }

        return new SearchMetrics(
            reached / ideal,
            found / (double)best.Length,
            found / (double)k,
            first > 0 ? 1.0 / first : 0);
    }
}
