namespace NeuroDb.Query;

/// <summary>What ANALYZE saw of a column.</summary>
/// <param name="Keys">How often its values occur.</param>
/// <param name="Histogram">
/// The bounds of buckets with equally many rows, of numbers and moments; empty for others.
/// </param>
internal sealed record AnalyzedColumn(KeyCounts Keys, double[] Histogram)
{
    /// <summary>The share of the rows that are not NULL below a value.</summary>
    public double ShareBelow(double value)
    {
        int buckets = Histogram.Length - 1;
        if (value <= Histogram[0])
        {
            return 0;
        }

        if (value > Histogram[buckets])
        {
            return 1;
        }

        int at = Array.BinarySearch(Histogram, value);
        while (at > 0 && Histogram[at - 1] == value)
        {
            at--;
        }

        int upper = at < 0 ? ~at : at;
        double width = Histogram[upper] - Histogram[upper - 1];
        double part = width > 0 ? (value - Histogram[upper - 1]) / width : 1;
        return (upper - 1 + part) / buckets;
    }
}
