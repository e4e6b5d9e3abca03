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
        var source = new ModelExamples(
            data, part, package.Pipeline, isClassifier ? new LabelSet(package.Labels) : null,
            position)
        {
            KeepsUnknownLabels = true,
        };
        int width = source.FeatureCount;
        int outputWidth = package.Model.OutputCount;
        int piece = Math.Clamp(PieceFloats / Math.Max(1, width), 1, PieceRows);
        var features = new float[piece * width];
        var targets = new float[piece];
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
    /// many halves of texts find each other; null if there are no rows or nothing to compare with.
    /// </summary>
    public static JudgedMetric? Judge(
        ModelOutcome outcome, ModelTarget target, ModelPackage package)
    {
        const ulong Seed = 1;
        ModelTask task = package.Model.Task;
        IReadOnlyList<string> labels = package.Labels;
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
            ModelTask.Embedder => EmbedderJudge.OfHalves(package.Model, outcome.Features),
            _ => null,
        };
    }

    // Texts are compared with each other, which is not done with all of many.
    private static long KeptRowsMax(Model model) =>
        model.Task == ModelTask.Embedder ? EmbedderJudge.TextsMax : long.MaxValue;
}
