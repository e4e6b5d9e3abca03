namespace NeuroDb.Neural;

/// <summary>What one reaches without looking at any feature.</summary>
internal static class Baseline
{
    /// <summary>The most frequent class of the training, the first of equals.</summary>
    public static int MajorityClass(ReadOnlySpan<int> trained, int classes)
    {
        var counts = new long[classes];
        foreach (int label in trained)
        {
            counts[label]++;
        }

        return Array.IndexOf(counts, counts.Max());
    }

    /// <summary>The share of rows that are of a class.</summary>
    public static double AccuracyOf(int label, ReadOnlySpan<int> expected) =>
        expected.Length == 0 ? 0 : expected.Count(label) / (double)expected.Length;

    /// <summary>The metrics of always saying the mean of the training.</summary>
    public static RegressionMetrics MeanOf(
        ReadOnlySpan<float> trained, ReadOnlySpan<float> expected)
    {
        double mean = 0;
        foreach (float target in trained)
        {
            mean += target / (double)trained.Length;
        }

        var said = new float[expected.Length];
        Array.Fill(said, (float)mean);
        return RegressionMetrics.Of(expected, said);
    }

    /// <summary>In words, whether a share is better than the baseline beyond doubt.</summary>
    public static string Compare(long right, long total, double baseline)
    {
        (double low, double high) = Confidence.Wilson(right, total);
        return low > baseline ? "better than the baseline"
            : high < baseline ? "worse than the baseline"
            : "not better than the baseline";
    }
}
