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
    /// <param name="name">The name, or null.</param>
    /// <param name="task">What the model says.</param>
    /// <param name="hasSeveral">Whether it says that of several targets.</param>
    public SearchMetric(IdentifierSyntax? name, ModelTask task, bool hasSeveral)
    {
        _task = task;
        string[] known = Known.TryGetValue(task, out string[]? names)
            ? names
            : throw NeuralErrors.InvalidModel(
                "An anomaly model has no truth to tune it by; choose its options yourself.");
        if (hasSeveral && task == ModelTask.Regressor)
        {
            // Errors of several targets have a unit each, and no mean.
            known = ["r2"];
        }

        Name = name?.Name.ToLowerInvariant() ?? known[0];
        if (!known.Contains(Name))
        {
            throw NeuralErrors.UnknownName($"metric of a {task} model", Name, known);
        }
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The metric of a model on the validation rows; of several targets the mean.
    /// </summary>
    public JudgedMetric? Judge(ModelBuild build, ModelPackage package)
    {
        ModelOutcome outcome = build.Score(package, SplitPart.Validation);
        if (outcome.Count == 0)
        {
            return null;
        }

        IReadOnlyList<ModelTarget> targets = build.Data.Targets;
        JudgedMetric?[] each = [.. TargetPlace.Of(package.Model, package.Labels, targets.Count)
            .Select((place, i) => Judge(
                outcome.Of(place, i, targets.Count), targets[i], place.Labels, package))];
        if (each is [var only])
        {
            return only;
        }

        return each.All(static it => it is not null)
            ? each[0]! with
            {
                Value = each.Average(static it => it!.Value),
                Baseline = each.Average(static it => it!.Baseline),
                Low = double.NaN,
                High = double.NaN,
                Verdict = "",
            }
            : null;
    }

    private JudgedMetric? Judge(
        ModelOutcome outcome,
        ModelTarget target,
        IReadOnlyList<string> labels,
        ModelPackage package)
    {
        IReadOnlyList<JudgedMetric> metrics = _task switch
        {
            ModelTask.Classifier => ModelJudge.OfClasses(
                outcome.Outputs, outcome.Classes, [.. labels.Select(target.TrainedWith)], 1),
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
