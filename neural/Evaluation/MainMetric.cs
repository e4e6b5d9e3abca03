namespace NeuroDb.Neural;

/// <summary>
/// The one metric that a model is known by, as <see cref="ModelJudge"/> gives it among others, in
/// a fraction of the time: what a training needs at its end.
/// </summary>
internal static class MainMetric
{
    private const long DrawsMax = 4_000_000;
    private const int SamplesMin = 100;
    private const int SamplesMax = 1000;

    /// <summary>The accuracy of a classifier.</summary>
    /// <param name="probabilities">(rows, classes).</param>
    /// <param name="expected">The class of each row; -1 for one that was never trained.</param>
    /// <param name="trained">How many rows of each class trained.</param>
    public static JudgedMetric Accuracy(
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<int> expected,
        IReadOnlyList<long> trained)
    {
        int classes = trained.Count;
        long right = 0;
        for (int row = 0; row < expected.Length; row++)
        {
            int said = Classes.Best(probabilities.Slice(row * classes, classes));
            right += said == expected[row] ? 1 : 0;
        }

        double baseline = Baseline.AccuracyOf(ModelJudge.MajorityOf(trained), expected);
        (double low, double high) = Confidence.Wilson(right, expected.Length);
        return new JudgedMetric(
            "accuracy",
            right / (double)expected.Length,
            baseline,
            low,
            high,
            true,
            Baseline.Compare(right, expected.Length, baseline));
    }

    /// <summary>
    /// R2 of a regression beside that of the mean of the training; the interval is that of samples
    /// drawn from the rows, and the verdict compares both on the same draws.
    /// </summary>
    /// <param name="predicted">What was said.</param>
    /// <param name="expected">The truth.</param>
    /// <param name="trainedMean">The mean of the rows that trained.</param>
    /// <param name="seed">What the draws depend on.</param>
    public static JudgedMetric Determination(
        ReadOnlyMemory<float> predicted,
        ReadOnlyMemory<float> expected,
        double trainedMean,
        ulong seed)
    {
        int rows = expected.Length;
        (double own, double baseline) = Both(predicted.Span, expected.Span, trainedMean, null);
        int samples = (int)Math.Clamp(DrawsMax / Math.Max(1, rows), SamplesMin, SamplesMax);
        var differences = new List<double>(samples);
        (double low, double high) = Confidence.Bootstrap(
            rows,
            drawn =>
            {
                (double sampled, double mean) =
                    Both(predicted.Span, expected.Span, trainedMean, drawn);
                differences.Add(sampled - mean);
                return sampled;
            },
            seed,
            samples);
        differences.Sort();
        double least = differences[(int)(samples * 0.025)];
        double largest = differences[(int)(samples * 0.975)];
        return new JudgedMetric(
            "r2",
            own,
            baseline,
            low,
            high,
            true,
            least > 0 ? "better than the baseline"
                : largest < 0 ? "worse than the baseline"
                : "not better than the baseline");
    }

    // 1 - sum (y - t)^2 / sum (t - mean)^2 of the predictions, and of the mean of the training.
    // Sums of squares are taken around the mean of the training, where they lose no digits.
    private static (double Own, double Baseline) Both(
        ReadOnlySpan<float> predicted,
        ReadOnlySpan<float> expected,
        double trainedMean,
        int[]? drawn)
    {
        double errors = 0;
        double moved = 0;
        double squares = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            int row = drawn is null ? i : drawn[i];
            double error = (double)predicted[row] - expected[row];
            double difference = expected[row] - trainedMean;
            errors += error * error;
            moved += difference;
            squares += difference * difference;
        }

        double spread = squares - (moved * moved / expected.Length);
        return spread > 0 ? (1 - (errors / spread), 1 - (squares / spread)) : (0, 0);
    }
}
