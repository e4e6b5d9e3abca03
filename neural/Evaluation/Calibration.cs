namespace NeuroDb.Neural;

/// <summary>Whether probabilities mean what they say.</summary>
internal static class Calibration
{
    /// <summary>
    /// The mean over rows of the sum over classes of (p - y)^2; for two classes, of one of them.
    /// </summary>
    /// <remarks>Brier, "Verification of Forecasts", Monthly Weather Review 78, 1950.</remarks>
    public static double Brier(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<int> expected, int classes)
    {
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double difference =
                probabilities[i] - (expected[i / classes] == i % classes ? 1 : 0);
            sum += difference * difference;
        }

        return sum / expected.Length / (classes == 2 ? 2 : 1);
    }

    /// <summary>Rows by the probability of the class that was said.</summary>
    public static IReadOnlyList<CalibrationBin> Bins(
        ReadOnlySpan<float> probabilities, ReadOnlySpan<int> expected, int classes, int bins = 10)
    {
        var counts = new long[bins];
        var sums = new double[bins];
        var right = new long[bins];
        for (int i = 0; i < expected.Length; i++)
        {
            ReadOnlySpan<float> row = probabilities.Slice(i * classes, classes);
            int said = Classes.Best(row);
            int bin = Math.Clamp((int)(row[said] * bins), 0, bins - 1);
            counts[bin]++;
            sums[bin] += row[said];
            right[bin] += said == expected[i] ? 1 : 0;
        }

        return
        [
            .. Enumerable.Range(0, bins).Select(bin => new CalibrationBin(
                bin / (double)bins,
                (bin + 1) / (double)bins,
                counts[bin],
                counts[bin] == 0 ? 0 : sums[bin] / counts[bin],
                counts[bin] == 0 ? 0 : right[bin] / (double)counts[bin])),
        ];
    }

    /// <summary>
    /// The expected calibration error: how far shares are from what was said, weighted by rows
    /// (Naeini, Cooper and Hauskrecht, AAAI 2015).
    /// </summary>
    public static double ExpectedError(IReadOnlyList<CalibrationBin> bins)
    {
        double total = bins.Sum(bin => bin.Count);
        return total == 0
            ? 0 : bins.Sum(bin => bin.Count / total * Math.Abs(bin.MeanProbability - bin.Share));
    }
}
