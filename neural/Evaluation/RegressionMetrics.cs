namespace NeuroDb.Neural;

/// <summary>How far numbers are from what they should be.</summary>
/// <param name="MeanAbsoluteError">The mean of |y - t|.</param>
/// <param name="RootMeanSquaredError">The root of the mean of (y - t)^2.</param>
/// <param name="MedianAbsoluteError">The median of |y - t|.</param>
/// <param name="R2">1 - sum (y - t)^2 / sum (t - mean)^2; 0 where all targets are equal.</param>
/// <param name="LargestError">The largest |y - t|.</param>
/// <param name="Count">Rows.</param>
internal sealed record RegressionMetrics(
    double MeanAbsoluteError,
    double RootMeanSquaredError,
    double MedianAbsoluteError,
    double R2,
    double LargestError,
    int Count)
{
    /// <summary>The metrics of predictions.</summary>
    public static RegressionMetrics Of(
        ReadOnlySpan<float> expected, ReadOnlySpan<float> predicted)
    {
        if (expected.Length != predicted.Length || expected.Length == 0)
        {
            throw NeuralErrors.UntrainableData("There are no rows to evaluate on.");
        }

        var errors = new double[expected.Length];
        double mean = 0;
        double squares = 0;
        double spread = 0;
        foreach (float target in expected)
        {
            mean += target / (double)expected.Length;
        }

        for (int i = 0; i < errors.Length; i++)
        {
            errors[i] = Math.Abs((double)predicted[i] - expected[i]);
            squares += errors[i] * errors[i];
            spread += (expected[i] - mean) * (expected[i] - mean);
        }

        double absolute = errors.Average();
        Array.Sort(errors);
        int half = errors.Length / 2;
        double median = errors.Length % 2 == 1
            ? errors[half] : (errors[half - 1] + errors[half]) / 2;
        return new RegressionMetrics(
            absolute,
            Math.Sqrt(squares / errors.Length),
            median,
            spread > 0 ? 1 - (squares / spread) : 0,
            errors[^1],
            errors.Length);
    }
}
