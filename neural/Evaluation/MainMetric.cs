namespace NeuroDb.Neural;

/// <summary>
/// The one metric that a model is known by, as <see cref="ModelJudge"/> gives it among others, in
/// a fraction of the time: what a training needs at its end.
/// </summary>
internal static class MainMetric
{
    private const int BlocksMax = 1000;
    private const int Samples = 1000;

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
    /// drawn from the rows, and the verdict compares both on the same draws. Of many rows, blocks
    /// of neighbours are drawn, which is as right where rows are independent, and more so where
    /// they are not (Kuensch, Annals of Statistics 17, 1989).
    /// </summary>
    /// <param name="predicted">What was said.</param>
    /// <param name="expected">The truth.</param>
    /// <param name="trainedMean">The mean of the rows that trained.</param>
    /// <param name="seed">What the draws depend on.</param>
    public static JudgedMetric Determination(
        ReadOnlySpan<float> predicted,
        ReadOnlySpan<float> expected,
        double trainedMean,
        ulong seed)
    {
        int rows = expected.Length;
        int blocks = Math.Min(rows, BlocksMax);
        var sums = new Sums[blocks];
        for (int i = 0; i < rows; i++)
        {
            sums[(int)((long)i * blocks / rows)].Add(predicted[i], expected[i], trainedMean);
        }

        (double own, double baseline) = Both(sums, null);
        var differences = new List<double>(Samples);
        (double low, double high) = Confidence.Bootstrap(
            blocks,
            drawn =>
            {
                (double sampled, double mean) = Both(sums, drawn);
                differences.Add(sampled - mean);
                return sampled;
            },
            seed,
            Samples);
        differences.Sort();
        double least = differences[(int)(Samples * 0.025)];
        double largest = differences[(int)(Samples * 0.975)];
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
    // Squares are taken around the mean of the training, where they lose no digits.
    private static (double Own, double Baseline) Both(Sums[] blocks, int[]? drawn)
    {
        Sums all = default;
        for (int i = 0; i < blocks.Length; i++)
        {
            all.Add(blocks[drawn is null ? i : drawn[i]]);
        }

        double spread = all.Squares - (all.Moved * all.Moved / all.Count);
        return spread > 0 ? (1 - (all.Errors / spread), 1 - (all.Squares / spread)) : (0, 0);
    }

    private struct Sums
    {
        public long Count;
        public double Errors;
        public double Moved;
        public double Squares;

        public void Add(float predicted, float expected, double mean)
        {
            double error = (double)predicted - expected;
            double difference = expected - mean;
            Count++;
            Errors += error * error;
            Moved += difference;
            Squares += difference * difference;
        }

        public void Add(in Sums other)
        {
            Count += other.Count;
            Errors += other.Errors;
            Moved += other.Moved;
            Squares += other.Squares;
        }
    }
}
