namespace NeuroDb.Neural;

/// <summary>A metric with what it must be compared with.</summary>
/// <param name="Name">The name: accuracy, f1_macro, mae.</param>
/// <param name="Value">The metric of the model; NaN where the rows do not define it.</param>
/// <param name="Baseline">The same metric without any feature; NaN where there is none.</param>
/// <param name="Low">The lower end of the 95 % interval; NaN where none is computed.</param>
/// <param name="High">The upper end.</param>
/// <param name="IsHigherBetter">Whether more is better.</param>
/// <param name="Verdict">The comparison in words; empty where there is nothing to compare.</param>
internal sealed record JudgedMetric(
    string Name,
    double Value,
    double Baseline,
    double Low,
    double High,
    bool IsHigherBetter,
    string Verdict)
{
    /// <summary>A metric that stands alone.</summary>
    public static JudgedMetric Alone(string name, double value, bool isHigherBetter) =>
        new(name, value, double.NaN, double.NaN, double.NaN, isHigherBetter, "");

    /// <summary>A metric beside a baseline, without an interval.</summary>
    public static JudgedMetric Beside(
        string name, double value, double baseline, bool isHigherBetter) =>
        new(name, value, baseline, double.NaN, double.NaN, isHigherBetter, "");

    /// <summary>
    /// The mean of a metric of which more is better, beside that of a baseline on the same cases,
    /// with intervals of the bootstrap; the verdict is that of the paired differences.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="own">The metric of each case.</param>
    /// <param name="baseline">The same of the baseline.</param>
    /// <param name="seed">What the draws depend on.</param>
    public static JudgedMetric Paired(
        string name, double[] own, double[] baseline, ulong seed)
    {
        (double low, double high) = Confidence.Bootstrap(
            own.Length, drawn => drawn.Average(row => own[row]), seed);
        (double least, double most) = Confidence.Bootstrap(
            own.Length, drawn => drawn.Average(row => own[row] - baseline[row]), seed);
        return new JudgedMetric(
            name, own.Average(), baseline.Average(), low, high, true, VerdictOf(least, most));
    }

    /// <summary>The verdict of the interval of the differences to the baseline.</summary>
    public static string VerdictOf(double least, double most) =>
        least > 0 ? "better than the baseline"
        : most < 0 ? "worse than the baseline"
        : "not better than the baseline";
}
