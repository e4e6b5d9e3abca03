using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>By what trials are compared.</summary>
internal sealed class SearchMetric
{
    private static readonly Dictionary<ModelTask, string[]> Known = new()
    {
        [ModelTask.Classifier] =
            ["accuracy", "f1_macro", "log_loss", "brier", "roc_auc", "calibration_error"],
        [ModelTask.Regressor] = ["mae", "rmse", "r2", "median_ae"],
        [ModelTask.Cluster] = ["mean_squared_distance"],
        [ModelTask.Embedder] = ["half_recall_at_10", "reconstruction_r2", "view_recall_at_10"],
    };

    private readonly ModelTask _task;

    /// <summary>The metric of a name, or the usual one of a task.</summary>
    public SearchMetric(IdentifierSyntax? name, ModelTask task)
    {
        _task = task;
        string[] known = Known.TryGetValue(task, out string[]? names)
            ? names
            : throw NeuralErrors.InvalidModel(
                "An anomaly model has no truth to tune it by; choose its options yourself.");
        Name = name?.Name.ToLowerInvariant() ?? known[0];
        if (!known.Contains(Name))
        {
            throw NeuralErrors.UnknownName($"metric of a {task} model", Name, known);
        }
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The metric of a model on the validation rows.</summary>
    public JudgedMetric? Judge(ModelBuild build, ModelPackage package)
    {
        ModelOutcome outcome = build.Score(package, SplitPart.Validation);
        if (outcome.Count == 0)
        {
            return null;
        }

        ModelTarget target = build.Data.Target;
        IReadOnlyList<JudgedMetric> metrics = _task switch
        {
            ModelTask.Classifier => ModelJudge.OfClasses(
                outcome.Outputs,
                outcome.Classes,
                [.. package.Labels.Select(target.TrainedWith)],
                1),
            ModelTask.Regressor => ModelJudge.OfNumbers(
                outcome.Outputs, outcome.Targets, target.Mean, 1),
            ModelTask.Embedder => ModelScorer.Judge(outcome, [target], package) is { } halves
                ? [halves] : [],
            _ => ModelJudge.OfClusters(
                [.. outcome.Outputs.Where(static (_, i) => i % 2 == 1)], outcome.Features),
        };
        return metrics.FirstOrDefault(metric => metric.Name == Name);
    }

    /// <summary>Whether one value is better than another; NaN is worse than anything.</summary>
    public static bool IsBetter(JudgedMetric one, JudgedMetric? other) =>
        !double.IsNaN(one.Value) && (other is null || double.IsNaN(other.Value)
            || (one.IsHigherBetter ? one.Value > other.Value : one.Value < other.Value));
}
