namespace NeuroDb.Neural;

/// <summary>How far a measured share or mean may be from the real one.</summary>
internal static class Confidence
{
    private const double Normal95 = 1.959963984540054;

    /// <summary>
    /// The interval that holds a share with 95 % confidence (Wilson, JASA 22, 1927).
    /// </summary>
    public static (double Low, double High) Wilson(long right, long total)
    {
        if (total == 0)
        {
            return (0, 1);
        }

        double p = right / (double)total;
        double z = Normal95 * Normal95 / total;
        double center = (p + (z / 2)) / (1 + z);
        double half = Normal95 / (1 + z)
            * Math.Sqrt((p * (1 - p) / total) + (z / (4 * total)));
        return (
            right == 0 ? 0 : Math.Max(0, center - half),
            right == total ? 1 : Math.Min(1, center + half));
    }

    /// <summary>
    /// The interval that holds a metric in 95 of 100 samples drawn from the rows (Efron, Annals of
    /// Statistics 7, 1979).
    /// </summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="metric">The metric of drawn rows.</param>
    /// <param name="seed">What the draws depend on.</param>
    /// <param name="samples">How many samples are drawn.</param>
    public static (double Low, double High) Bootstrap(
        int rows, Func<int[], double> metric, ulong seed, int samples = 1000)
    {
        var random = new SeededRandomSource(seed);
        var drawn = new int[rows];
        var values = new double[samples];
        for (int sample = 0; sample < samples; sample++)
        {
            for (int i = 0; i < rows; i++)
            {
                drawn[i] = (int)Math.BigMul(random.NextUInt64(), (ulong)rows, out _);
            }

            values[sample] = metric(drawn);
        }

        Array.Sort(values);
        return (values[(int)(samples * 0.025)], values[(int)(samples * 0.975)]);
    }
}
