using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Runs a model over a part of the rows of a query, and judges what it says.</summary>
internal static class ModelScorer
{
    private const int PieceRows = 4096;
    private const int PieceFloats = 1 << 22;

    /// <summary>What a model says about a part.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="part">The part.</param>
    /// <param name="package">The model.</param>
    /// <param name="keepsFeatures">Whether the features are wanted too.</param>
    /// <param name="position">The place in the statement.</param>
    public static ModelOutcome Run(
        ModelData data,
        SplitPart part,
        ModelPackage package,
        bool keepsFeatures,
        SourcePosition position)
    {
        Invariant.Check(package.Pipeline is not null);
        bool isClassifier = package.Model.Task == ModelTask.Classifier;
        LabelSet[] labels = [.. TargetPlace.Of(
            package.Model, package.Labels, data.Targets.Count)
            .Select(static it => new LabelSet(it.Labels))];
        var source = new ModelExamples(
            data, part, package.Pipeline, isClassifier ? labels : null, position)
        {
            KeepsUnknownLabels = true,
        };
        int width = source.FeatureCount;
        int outputWidth = package.Model.OutputCount;
        int piece = Math.Clamp(PieceFloats / Math.Max(1, width), 1, PieceRows);
        var features = new float[piece * width];
        var targets = new float[piece * source.TargetCount];
        var outputs = new float[piece * outputWidth];
        List<float> allOutputs = [];
        List<float> allTargets = [];
        List<float> allFeatures = [];
        using IExampleReader reader = source.Open(0);
        int rows = 0;
        for (int count; (count = reader.Read(features, targets)) > 0; rows += count)
        {
            package.Model.Predict(features.AsMemory(0, count * width), count, outputs);
            allOutputs.AddRange(outputs.AsSpan(0, count * outputWidth));
            allTargets.AddRange(targets.AsSpan(0, count * source.TargetCount));
            allFeatures.AddRange(keepsFeatures && rows < KeptRowsMax(package.Model)
                ? features.AsSpan(0, count * width) : []);
        }

        return new ModelOutcome(
            [.. allOutputs], [.. allTargets], [.. allFeatures], rows, source.UnusableCount);
    }

    /// <summary>
    /// The metric that a model is known by: accuracy, R2, the squared distance to centers, or how
    /// many halves of texts find each other; of several targets the mean of theirs. Null if there
    /// are no rows or nothing to compare with.
    /// </summary>
    public static JudgedMetric? Judge(
        ModelOutcome outcome, IReadOnlyList<ModelTarget> targets, ModelPackage package)
    {
        IReadOnlyList<TargetPlace> places =
            TargetPlace.Of(package.Model, package.Labels, targets.Count);
        JudgedMetric?[] each = [.. places.Select((place, i) => JudgeOne(
            outcome.Of(place, i, targets.Count), targets[i], package.Model, place.Labels))];
        if (each is [var one])
        {
            return one;
        }

        JudgedMetric[] known = [.. each.OfType<JudgedMetric>()];
        int better = known.Count(static it =>
            it.Verdict.StartsWith("better", StringComparison.Ordinal));
        return known.Length == 0 ? null : known[0] with
        {
            Value = known.Average(static it => it.Value),
            Baseline = known.Average(static it => it.Baseline),
            Low = double.NaN,
            High = double.NaN,
            Verdict = better == known.Length ? "better than the baseline"
                : better == 0 ? "not better than the baseline"
                : $"not better than the baseline for {known.Length - better} of {known.Length} "
                    + "targets",
        };
    }

    /// <summary>A metric beside its baseline in words; empty if there is none.</summary>
    public static string VerdictOf(JudgedMetric? metric) => metric is null ? ""
        : metric.Verdict.Length > 0 ? metric.Verdict
        : double.IsNaN(metric.Baseline) ? ""
        : metric.IsHigherBetter == (metric.Value > metric.Baseline)
            && metric.Value != metric.Baseline
            ? "better than the baseline" : "not better than the baseline";

    private static JudgedMetric? JudgeOne(
        ModelOutcome outcome, ModelTarget target, Model model, IReadOnlyList<string> labels)
    {
        const ulong Seed = 1;
        ModelTask task = model.Task;
        if (outcome.Count == 0)
        {
            return null;
        }

        return task switch
        {
            ModelTask.Classifier => MainMetric.Accuracy(
                outcome.Outputs, outcome.Classes, [.. labels.Select(target.TrainedWith)]),
            ModelTask.Regressor => MainMetric.Determination(
                outcome.Outputs, outcome.Targets, target.Mean, Seed),
            ModelTask.Cluster => ModelJudge.OfClusters(
                [.. outcome.Outputs.Where(static (_, i) => i % 2 == 1)], outcome.Features)[0],
            ModelTask.Embedder => EmbedderJudge.Of(model, outcome.Features),
            _ => null,
        };
    }

    // Texts are compared with each other, which is not done with all of many.
    private static long KeptRowsMax(Model model) =>
        model.Task == ModelTask.Embedder ? EmbedderJudge.TextsMax : long.MaxValue;
}
