namespace NeuroDb.Neural;

/// <summary>
/// All metrics of predictions whose truth is known, each beside what one reaches without looking
/// at any feature, with the interval that sampling leaves. The first metric is the one that a model
/// is known by.
/// </summary>
internal static class ModelJudge
{
    private const string Better = "better than the baseline";
    private const string Worse = "worse than the baseline";
    private const string NotBetter = "not better than the baseline";
    private const double ProbabilityMin = 1e-15;
    private const long DrawsMax = 20_000_000;
    private const int SamplesMax = 1000;
    private const int SamplesMin = 100;

    /// <summary>The metrics of a classifier.</summary>
    /// <param name="probabilities">(rows, classes).</param>
    /// <param name="expected">
    /// The class of each row; -1 for a label that was never trained, which no prediction can meet.
    /// </param>
    /// <param name="trained">How many rows of each class trained.</param>
    /// <param name="seed">What the intervals depend on.</param>
    public static IReadOnlyList<JudgedMetric> OfClasses(
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<int> expected,
        IReadOnlyList<long> trained,
        ulong seed)
    {
        int classes = trained.Count;
        int[] truth = expected.ToArray();
        int[] said = BestOf(probabilities, classes);
        long rows = truth.Length;
        int majority = MajorityOf(trained);
        int[] always = new int[rows];
        Array.Fill(always, majority);
        long right = said.Where((label, i) => label == truth[i]).LongCount();
        double baseline = rows == 0 ? double.NaN : truth.LongCount(it => it == majority)
            / (double)rows;
        (double low, double high) = Confidence.Wilson(right, rows);
        var metrics = new List<JudgedMetric>
        {
            new(
                "accuracy",
                rows == 0 ? double.NaN : right / (double)rows,
                baseline,
                rows == 0 ? double.NaN : low,
                rows == 0 ? double.NaN : high,
                true,
                rows == 0 ? "" : Baseline.Compare(right, rows, baseline)),
        };
        metrics.Add(Compared(
            "f1_macro",
            rows,
            seed,
            true,
            order => MacroF1(truth, said, classes, order),
            order => MacroF1(truth, always, classes, order)));
        AddProbabilities(metrics, probabilities, truth, trained);
        return metrics;
    }

    /// <summary>The metrics of a regressor.</summary>
    /// <param name="predicted">What was said.</param>
    /// <param name="expected">The truth.</param>
    /// <param name="trainedMean">The mean of the rows that trained.</param>
    /// <param name="seed">What the intervals depend on.</param>
    public static IReadOnlyList<JudgedMetric> OfNumbers(
        ReadOnlySpan<float> predicted,
        ReadOnlySpan<float> expected,
        double trainedMean,
        ulong seed)
    {
        float[] truth = expected.ToArray();
        float[] said = predicted.ToArray();
        float[] always = new float[truth.Length];
        Array.Fill(always, (float)trainedMean);
        JudgedMetric Of(
            string name, bool isHigherBetter, Func<float[], float[], int[]?, double> metric) =>
            Compared(
                name,
                truth.Length,
                seed,
                isHigherBetter,
                order => metric(truth, said, order),
                order => metric(truth, always, order));
        return
        [
            Of("mae", false, (t, y, order) => Mean(t, y, order, Math.Abs)),
            Of("rmse", false, (t, y, order) => Math.Sqrt(Mean(t, y, order, it => it * it))),
            Of("r2", true, Determination),
            .. truth.Length == 0 ? [] : new[]
            {
                JudgedMetric.Beside(
                    "median_ae",
                    RegressionMetrics.Of(truth, said).MedianAbsoluteError,
                    RegressionMetrics.Of(truth, always).MedianAbsoluteError,
                    false),
                JudgedMetric.Beside(
                    "largest_error",
                    RegressionMetrics.Of(truth, said).LargestError,
                    RegressionMetrics.Of(truth, always).LargestError,
                    false),
            },
        ];
    }

    /// <summary>
    /// The mean squared distance to the nearest center, beside that to the mean of all rows.
    /// </summary>
    /// <param name="distances">The squared distance of each row to its center.</param>
    /// <param name="features">(rows, features).</param>
    public static IReadOnlyList<JudgedMetric> OfClusters(
        ReadOnlySpan<float> distances, ReadOnlySpan<float> features)
    {
        int rows = distances.Length;
        double own = 0;
        foreach (float distance in distances)
        {
            own += distance / (double)rows;
        }

        double one = 0;
        int width = rows == 0 ? 0 : features.Length / rows;
        for (int column = 0; column < width; column++)
        {
            double mean = 0;
            double squares = 0;
            for (int row = 0; row < rows; row++)
            {
                double value = features[(row * width) + column];
                double difference = value - mean;
                mean += difference / (row + 1);
                squares += difference * (value - mean);
            }

            one += squares / rows;
        }

        return rows == 0 ? [] : [JudgedMetric.Beside("mean_squared_distance", own, one, false)];
    }

    /// <summary>The likeliest class of each row.</summary>
    public static int[] BestOf(ReadOnlySpan<float> probabilities, int classes)
    {
        var best = new int[probabilities.Length / Math.Max(1, classes)];
        for (int row = 0; row < best.Length; row++)
        {
            best[row] = Classes.Best(probabilities.Slice(row * classes, classes));
        }

        return best;
    }

    /// <summary>The class that most rows of the training have, the first of equals.</summary>
    public static int MajorityOf(IReadOnlyList<long> trained)
    {
        int majority = 0;
        for (int i = 1; i < trained.Count; i++)
        {
            majority = trained[i] > trained[majority] ? i : majority;
        }

        return majority;
    }

    private static void AddProbabilities(
        List<JudgedMetric> metrics,
        ReadOnlySpan<float> probabilities,
        int[] truth,
        IReadOnlyList<long> trained)
    {
        int classes = trained.Count;
        int[] known = [.. Enumerable.Range(0, truth.Length).Where(row => truth[row] >= 0)];
        if (known.Length == 0)
        {
            return;
        }

        double all = Math.Max(1, trained.Sum());
        var own = new float[known.Length * classes];
        var prior = new float[known.Length * classes];
        int[] labels = [.. known.Select(row => truth[row])];
        for (int i = 0; i < known.Length; i++)
        {
            probabilities.Slice(known[i] * classes, classes).CopyTo(own.AsSpan(i * classes));
            for (int label = 0; label < classes; label++)
            {
                prior[(i * classes) + label] = (float)(trained[label] / all);
            }
        }

        metrics.Add(JudgedMetric.Beside(
            "log_loss", LogLoss(own, labels, classes), LogLoss(prior, labels, classes), false));
        metrics.Add(JudgedMetric.Beside(
            "brier",
            Calibration.Brier(own, labels, classes),
            Calibration.Brier(prior, labels, classes),
            false));
        metrics.Add(JudgedMetric.Alone(
            "calibration_error",
            Calibration.ExpectedError(Calibration.Bins(own, labels, classes)),
            false));
        metrics.Add(JudgedMetric.Beside("roc_auc", RocArea(own, labels, classes), 0.5, true));
    }

    /// <summary>
    /// The area under the ROC curve of the second of two classes, or the mean over the classes that
    /// have rows, each against all others.
    /// </summary>
    private static double RocArea(float[] probabilities, int[] labels, int classes)
    {
        var areas = new List<double>();
        for (int label = classes == 2 ? 1 : 0; label < classes; label++)
        {
            float[] scores = [.. Enumerable.Range(0, labels.Length)
                .Select(row => probabilities[(row * classes) + label])];
            double area = Ranking.RocArea(scores, [.. labels.Select(it => it == label)]);
            if (!double.IsNaN(area))
            {
                areas.Add(area);
            }
        }

        return areas.Count == 0 ? double.NaN : areas.Average();
    }

    private static double LogLoss(float[] probabilities, int[] labels, int classes)
    {
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            sum -= Math.Log(Math.Clamp(
                probabilities[(row * classes) + labels[row]], ProbabilityMin, 1));
        }

        return sum / labels.Length;
    }

    private static JudgedMetric Compared(
        string name,
        long rows,
        ulong seed,
        bool isHigherBetter,
        Func<int[]?, double> own,
        Func<int[]?, double> baseline)
    {
        if (rows == 0)
        {
            return JudgedMetric.Alone(name, double.NaN, isHigherBetter);
        }

        // The same draws for both: rows that are hard are hard for both.
        int samples = (int)Math.Clamp(DrawsMax / rows, SamplesMin, SamplesMax);
        int sign = isHigherBetter ? 1 : -1;
        (double low, double high) = Confidence.Bootstrap((int)rows, own, seed, samples);
        (double least, double largest) = Confidence.Bootstrap(
            (int)rows, order => sign * (own(order) - baseline(order)), seed, samples);
        return new JudgedMetric(
            name,
            own(null),
            baseline(null),
            low,
            high,
            isHigherBetter,
            least > 0 ? Better : largest < 0 ? Worse : NotBetter);
    }

    private static double MacroF1(int[] truth, int[] said, int classes, int[]? order)
    {
        Span<long> counts = classes <= 64 ? stackalloc long[3 * classes] : new long[3 * classes];
        for (int i = 0; i < truth.Length; i++)
        {
            int row = order == null ? i : order[i];
            if (truth[row] >= 0)
            {
                counts[truth[row]]++;
                counts[(2 * classes) + truth[row]] += truth[row] == said[row] ? 1 : 0;
            }

            counts[classes + said[row]]++;
        }

        double sum = 0;
        int present = 0;
        for (int i = 0; i < classes; i++)
        {
            long total = counts[i] + counts[classes + i];
            sum += total == 0 ? 0 : 2.0 * counts[(2 * classes) + i] / total;
            present += total == 0 ? 0 : 1;
        }

        return present == 0 ? 0 : sum / present;
    }

    private static double Mean(
        float[] truth, float[] said, int[]? order, Func<double, double> of)
    {
        double sum = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            int row = order == null ? i : order[i];
            sum += of((double)said[row] - truth[row]);
        }

        return sum / truth.Length;
    }

    private static double Determination(float[] truth, float[] said, int[]? order)
    {
        double mean = Mean(truth, new float[truth.Length], order, it => -it);
        double spread = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            double difference = truth[order == null ? i : order[i]] - mean;
            spread += difference * difference;
        }

        return spread > 0
            ? 1 - (Mean(truth, said, order, it => it * it) * truth.Length / spread) : 0;
    }
}
