using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Judges forecasts from every place of a part (rolling origin; Tashman, International Journal of
/// Forecasting 16, 2000) beside the value of the last season.
/// </summary>
internal static class ForecastJudge
{
    private const int Samples = 1000;

    /// <summary>What a model says from each window, (windows, horizon), in its unit.</summary>
    public static double[] Say(Model model, ForecastWindows windows, int horizon)
    {
        var outputs = new float[windows.Count * horizon];
        if (windows.Count > 0)
        {
            model.Predict(windows.Features, windows.Count, outputs);
        }

        return [.. outputs.Select((number, i) => windows.Scales[i / horizon].Out(number))];
    }

    /// <summary>All metrics, the mean absolute error first; none without windows.</summary>
    /// <param name="said">(windows, horizon).</param>
    /// <param name="windows">The truth.</param>
    /// <param name="horizon">Steps.</param>
    /// <param name="targets">What is remembered of each step, for intervals.</param>
    /// <param name="seed">What draws depend on.</param>
    public static IReadOnlyList<JudgedMetric> Judge(
        double[] said,
        ForecastWindows windows,
        int horizon,
        IReadOnlyList<TargetFacts> targets,
        ulong seed)
    {
        if (windows.Count == 0)
        {
            return [];
        }

        double[] truth = [.. windows.Targets.Select(
            (number, i) => windows.Scales[i / horizon].Out(number))];
        JudgedMetric error = Compared(
            "mae",
            ErrorsOf(said, truth, horizon, Math.Abs),
            ErrorsOf(windows.Naive, truth, horizon, Math.Abs),
            horizon,
            seed);
        var metrics = new List<JudgedMetric>
        {
            error,
            JudgedMetric.Beside(
                "rmse",
                Math.Sqrt(ErrorsOf(said, truth, horizon, static it => it * it).Average()),
                Math.Sqrt(
                    ErrorsOf(windows.Naive, truth, horizon, static it => it * it).Average()),
                false),
            JudgedMetric.Beside("smape", Smape(said, truth), Smape(windows.Naive, truth), false),
            JudgedMetric.Beside(
                "relative_mae",
                error.Baseline > 0 ? error.Value / error.Baseline : double.NaN,
                1,
                false),
        };
        if (CoverageOf(said, truth, windows, horizon, targets) is { } coverage)
        {
            metrics.Add(JudgedMetric.Alone("coverage_90", coverage, true));
        }

        return metrics;
    }

    /// <summary>
    /// The sizes of errors of each step without unit, ascending: what intervals are made of.
    /// </summary>
    public static IReadOnlyList<double>[] ErrorsOfSteps(
        double[] said, ForecastWindows windows, int horizon)
    {
        var errors = new IReadOnlyList<double>[horizon];
        for (int step = 0; step < horizon; step++)
        {
            var own = new float[windows.Count];
            var truth = new float[windows.Count];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = windows.Scales[i].In(said[(i * horizon) + step]);
                truth[i] = windows.Targets[(i * horizon) + step];
            }

            errors[step] = PredictionIntervals.ErrorsOf(own, truth);
        }

        return errors;
    }

    // The mean error of each window.
    private static double[] ErrorsOf(
        double[] said, double[] truth, int horizon, Func<double, double> of)
    {
        var errors = new double[said.Length / horizon];
        for (int i = 0; i < said.Length; i++)
        {
            errors[i / horizon] += of(said[i] - truth[i]) / horizon;
        }

        return errors;
    }

    // Windows that overlap are alike, so blocks of as many as a horizon are drawn (Kuensch, Annals
    // of Statistics 17, 1989).
    private static JudgedMetric Compared(
        string name, double[] own, double[] naive, int horizon, ulong seed)
    {
        int blocks = Math.Max(1, own.Length / horizon);
        var sums = new (double Own, double Naive, int Count)[blocks];
        for (int i = 0; i < own.Length; i++)
        {
            ref (double Own, double Naive, int Count) sum =
                ref sums[(int)((long)i * blocks / own.Length)];
            sum = (sum.Own + own[i], sum.Naive + naive[i], sum.Count + 1);
        }

        double Of(int[] drawn, Func<(double Own, double Naive, int Count), double> part) =>
            drawn.Sum(block => part(sums[block])) / drawn.Sum(block => sums[block].Count);
        (double low, double high) = Confidence.Bootstrap(
            blocks, drawn => Of(drawn, static it => it.Own), seed, Samples);
        (double least, double most) = Confidence.Bootstrap(
            blocks, drawn => Of(drawn, static it => it.Naive - it.Own), seed, Samples);
        return new JudgedMetric(
            name,
            own.Average(),
            naive.Average(),
            low,
            high,
            false,
            blocks > 1 ? JudgedMetric.VerdictOf(least, most) : JudgedMetric.VerdictOf(0, 0));
    }

    private static double Smape(double[] said, double[] truth)
    {
        double sum = 0;
        for (int i = 0; i < said.Length; i++)
        {
            double size = Math.Abs(said[i]) + Math.Abs(truth[i]);
            sum += size > 0 ? 2 * Math.Abs(said[i] - truth[i]) / size : 0;
        }

        return sum / said.Length;
    }

    private static double? CoverageOf(
        double[] said,
        double[] truth,
        ForecastWindows windows,
        int horizon,
        IReadOnlyList<TargetFacts> targets)
    {
        const double Level = 0.9;
        if (targets.Count < horizon)
        {
            return null;
        }

        double?[] reach = [.. targets.Take(horizon).Select(
            static it => PredictionIntervals.ReachOf(it.ValidationErrors, Level))];
        if (reach.Any(static it => it is null))
        {
            return null;
        }

        int inside = 0;
        for (int i = 0; i < said.Length; i++)
        {
            double most = reach[i % horizon]!.Value * windows.Scales[i / horizon].Spread;
            inside += Math.Abs(said[i] - truth[i]) <= most ? 1 : 0;
        }

        return inside / (double)said.Length;
    }
}
