using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// What the policies of models make of their history: when the next training is due, by a line
/// through what was measured of drift, and which models are used, by clusters of size, age, use and
/// worth. It says so; nothing is trained or dropped.
/// </summary>
internal static class ModelOutlook
{
    private const double DayMicroseconds = 86_400_000_000;
    private const int ClassCount = 3;
    private const int Traits = 4;
    private const double DaysMax = 36_500;

    private static readonly string[] Classes = ["hot", "warm", "stale"];

    /// <summary>The rows of neuro.model_policy.</summary>
    public static IEnumerable<Value[]> Rows(ExecutionContext context)
    {
        ModelDefinition[] models = [.. ModelRelations.Definitions(context)];
        ModelFacts[] facts = [.. models.Select(model => ModelReader.ReadFacts(
            model.LiveVersion.Identity, context.Transaction).Facts)];
        string[] classes = ClassesOf(models, facts, context);
        for (int i = 0; i < models.Length; i++)
        {
            yield return RowOf(models[i], classes[i], context);
        }
    }

    private static Value[] RowOf(ModelDefinition model, string word, ExecutionContext context)
    {
        var policies = ModelPolicies.Of(model);
        List<(double Day, double Drift)> history =
            HistoryOf(model.LiveVersion, policies.DriftMetric, context);
        (double due, string reason) = !policies.IsPredicted
            ? (double.NaN, "auto_update is off") : DueOf(history, policies);
        if (policies.IsClustered && word == Classes[^1])
        {
            reason += $"; stale: DROP MODEL {SqlText.Quote(model.Name)} would free it";
        }

        return
        [
            Value.Of(model.Name), Value.Of(model.Live), Value.Of(word),
            double.IsNaN(due) ? Value.Null : Value.OfTimestamp((long)(due * DayMicroseconds)),
            Value.Of(reason),
            EvaluationLog.Number(policies.IsPredicted ? ForecastError(history) : double.NaN),
            history.Count == 0 ? Value.Null : Value.Of(history[^1].Drift),
            Value.Of(policies.IsPredicted ? "predicted" : "off"),
            Value.Of(policies.DriftMetric), Value.Of(policies.DriftLimit),
            Value.Of(policies.KeptVersions),
            Value.Of(policies.IsClustered ? "clustered" : "none"),
        ];
    }

    /// <summary>For each time of measuring the column that moved most.</summary>
    private static List<(double Day, double Drift)> HistoryOf(
        ModelVersionInfo version, string metric, ExecutionContext context) =>
        [.. ModelUpkeep.DriftOf(version, context)
            .GroupBy(static row => row[6].AsInt64())
            .Select(group => (
                group.Key / DayMicroseconds,
                group.Select(row => row[metric == "ks" ? 4 : 3])
                    .Where(static it => !it.IsNull).Select(static it => it.AsDouble())
                    .DefaultIfEmpty(0).Max()))
            .OrderBy(static it => it.Item1)];

    private static (double Day, string Reason) DueOf(
        List<(double Day, double Drift)> history, ModelPolicies policies)
    {
        string name = policies.DriftMetric;
        if (history.Count == 0)
        {
            return (double.NaN, "no drift was measured; ml.drift(MODEL m, TABLE t) does");
        }

        (double day, double drift) = history[^1];
        if (drift >= policies.DriftLimit)
        {
            return (day, FormattableString.Invariant(
                $"{name} is {drift:0.####}, the limit {policies.DriftLimit:0.####}: RETRAIN"));
        }

        double due = ReachedBy(history, policies.DriftLimit);
        return double.IsNaN(due)
            ? (double.NaN, FormattableString.Invariant(
                $"{name} is {drift:0.####} and does not grow towards {policies.DriftLimit:0.####}"))
            : (due, FormattableString.Invariant(
                $"{name} is {drift:0.####} and will reach {policies.DriftLimit:0.####}"));
    }

    /// <summary>
    /// The day on which the line of least squares through points reaches a height; NaN if it does
    /// not rise, or only in a hundred years.
    /// </summary>
    private static double ReachedBy(List<(double Day, double Drift)> points, double height)
    {
        double middle = points.Average(static it => it.Day);
        double mean = points.Average(static it => it.Drift);
        double squares = points.Sum(it => (it.Day - middle) * (it.Day - middle));
        double slope = squares == 0 ? 0
            : points.Sum(it => (it.Day - middle) * (it.Drift - mean)) / squares;
        double days = slope <= 0 ? double.NaN : (height - mean) / slope;
        return days <= DaysMax ? middle + days : double.NaN;
    }

    /// <summary>
    /// The mean error in days of forecasts of what was measured, each from what was known before;
    /// NaN if there was none.
    /// </summary>
    private static double ForecastError(List<(double Day, double Drift)> history)
    {
        List<double> errors = [];
        for (int i = 2; i < history.Count; i++)
        {
            double day = ReachedBy(history[..i], history[i].Drift);
            if (!double.IsNaN(day))
            {
                errors.Add(Math.Abs(day - history[i].Day));
            }
        }

        return errors.Count == 0 ? double.NaN : errors.Average();
    }

    private static string[] ClassesOf(
        ModelDefinition[] models, ModelFacts[] facts, ExecutionContext context)
    {
        if (models.Length < ClassCount)
        {
            return [.. models.Select(static _ => Classes[0])];
        }

        float[] traits = TraitsOf(models, facts, context);
        var options = new KMeansOptions(ClassCount, 1)
        {
            Start = ClusterStart.PlusPlus,
            IterationsMax = 50,
            SampleRowsPerCluster = int.MaxValue,
        };
        CentroidSet found = KMeans.Train(context.Workers, traits, Traits, options, default);
        float[][] centers = [.. Enumerable.Range(0, found.Count)
            .Select(i => found.Vectors.AsSpan(i * Traits, Traits).ToArray())];

        // Used and good is hot; large and old is not.
        int[] order = [.. Enumerable.Range(0, centers.Length)
            .OrderByDescending(i => centers[i][2] + centers[i][3] - centers[i][0] - centers[i][1])];
        return [.. models.Select((_, row) => Classes[Array.IndexOf(
            order, NearestOf(traits.AsSpan(row * Traits, Traits), centers))])];
    }

    private static int NearestOf(ReadOnlySpan<float> row, float[][] centers)
    {
        int best = 0;
        double nearest = double.PositiveInfinity;
        for (int i = 0; i < centers.Length; i++)
        {
            double distance = 0;
            for (int j = 0; j < Traits; j++)
            {
                distance += Math.Pow(row[j] - centers[i][j], 2);
            }

            (best, nearest) = distance < nearest ? (i, distance) : (best, nearest);
        }

        return best;
    }

    /// <summary>Size, age, uses and worth of each model, each of deviation 1 around 0.</summary>
    private static float[] TraitsOf(
        ModelDefinition[] models, ModelFacts[] facts, ExecutionContext context)
    {
        var traits = new float[models.Length * Traits];
        for (int i = 0; i < models.Length; i++)
        {
            long uses = models[i].Versions.Sum(version => ModelTables.RowsOf(
                ModelTables.Evaluations, context.Transaction, version.Identity, 1).LongCount());
            double worth = facts[i].MetricValue - facts[i].BaselineValue;
            traits[i * Traits] = (float)Math.Log(1 + models[i].LiveVersion.FlopPerRow);
            traits[(i * Traits) + 1] = (float)(
                (context.NowMicroseconds - facts[i].CreatedMicroseconds) / DayMicroseconds);
            traits[(i * Traits) + 2] = (float)Math.Log(1 + uses);
            traits[(i * Traits) + 3] = double.IsFinite(worth) ? (float)worth : 0;
        }

        for (int trait = 0; trait < Traits; trait++)
        {
            double[] values =
                [.. models.Select((_, i) => (double)traits[(i * Traits) + trait])];
            double mean = values.Average();
            double deviation = Math.Sqrt(values.Average(it => (it - mean) * (it - mean)));
            for (int i = 0; i < models.Length; i++)
            {
                traits[(i * Traits) + trait] =
                    deviation > 0 ? (float)((values[i] - mean) / deviation) : 0;
            }
        }

        return traits;
    }
}
