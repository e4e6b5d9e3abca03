namespace NeuroDb.Neural;

/// <summary>
/// What a model says on average when one raw column has a given value in all rows (Friedman,
/// "Greedy Function Approximation", Annals of Statistics 29, 2001, section 8.2).
/// </summary>
internal static class PartialDependence
{
    /// <summary>The points at which a column of numbers is tried: its quantiles.</summary>
    public static double[] QuantilesOf(ReadOnlySpan<double> values, int points)
    {
        double[] sorted = [.. values.ToArray().Where(double.IsFinite)];
        Array.Sort(sorted);
        return sorted.Length == 0
            ? []
            : [.. Enumerable.Range(0, points)
                .Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (points - 1))])
                .Distinct()];
    }

    /// <summary>The texts at which a column is tried: the most frequent ones.</summary>
    public static string[] FrequentOf(IEnumerable<string?> values, int points) =>
        [.. values.OfType<string>().GroupBy(value => value, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(points).Select(group => group.Key)];

    /// <summary>
    /// The mean outputs over the rows, for each setting of the column: the mean of nothing is NaN.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="pipeline">Its transforms.</param>
    /// <param name="rows">The rows; the column is changed and put back.</param>
    /// <param name="column">The place of the column.</param>
    /// <param name="numbers">The numbers to try, or null for texts.</param>
    /// <param name="texts">The texts to try, or null for numbers.</param>
    public static IReadOnlyList<double[]> Compute(
        Model model,
        FeaturePipeline pipeline,
        RawRows rows,
        int column,
        double[]? numbers,
        string[]? texts)
    {
        double[] oldNumbers = [.. rows.Numbers[column]];
        string?[] oldTexts = [.. rows.Texts[column]];
        var means = new List<double[]>();
        var features = new float[rows.Count * pipeline.Output.Length];
        var outputs = new float[rows.Count * model.OutputCount];
        var isUsable = new bool[rows.Count];
        for (int i = 0; i < (numbers?.Length ?? texts!.Length); i++)
        {
            if (numbers != null)
            {
                rows.Numbers[column].AsSpan().Fill(numbers[i]);
            }
            else
            {
                rows.Texts[column].AsSpan().Fill(texts![i]);
            }

            int usable = pipeline.Apply(rows, features, isUsable);
            model.Predict(features, rows.Count, outputs);
            var mean = new double[model.OutputCount];
            for (int at = 0; at < outputs.Length; at++)
            {
                mean[at % mean.Length] += isUsable[at / mean.Length] ? outputs[at] : 0;
            }

            means.Add([.. mean.Select(sum => sum / usable)]);
        }

        oldNumbers.CopyTo(rows.Numbers[column], 0);
        oldTexts.CopyTo(rows.Texts[column], 0);
        return means;
    }
}
