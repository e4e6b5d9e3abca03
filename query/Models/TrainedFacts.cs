using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>What all trainings that judge by one metric say about themselves.</summary>
internal static class TrainedFacts
{
    /// <summary>
    /// The facts of a plan that was carried out and judged; what only its type knows is added.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="context">The statement, whose snapshot was read.</param>
    /// <param name="build">The training, which counts its rows.</param>
    /// <param name="options">How was trained.</param>
    /// <param name="started">When, by the clock of the statement.</param>
    /// <param name="chosen">The metric on the validation part, if there is one.</param>
    /// <param name="tested">The metric on the test part, if there is one.</param>
    public static ModelFacts Of(
        ModelPlan plan,
        ExecutionContext context,
        IModelBuild build,
        TrainingOptions options,
        long started,
        JudgedMetric? chosen,
        JudgedMetric? tested)
    {
        JudgedMetric? metric = tested ?? chosen;
        return new ModelFacts
        {
            TrainQuery = plan.Query.Text,
            Recipe = plan.RecipeText,
            Options = plan.Options.ToJson(),
            Split = plan.Split,
            Snapshot = context.Transaction.SnapshotTimestamp,
            Seed = (long)options.Seed,
            Threads = 1,
            RowsTrain = build.CountOf(SplitPart.Train),
            RowsValidation = build.CountOf(SplitPart.Validation),
            RowsTest = build.CountOf(SplitPart.Test),
            Seconds = context.Clock.GetElapsedTime(started).TotalSeconds,
            Metric = metric?.Name ?? "",
            MetricPart = tested is not null ? "test" : chosen is not null ? "validation" : "",
            MetricValue = metric?.Value ?? double.NaN,
            MetricLow = metric?.Low ?? double.NaN,
            MetricHigh = metric?.High ?? double.NaN,
            BaselineValue = metric?.Baseline ?? double.NaN,
            Verdict = metric?.Verdict ?? "",
            ValidationValue = chosen?.Value ?? double.NaN,
            CreatedMicroseconds = context.NowMicroseconds,
            Comment = plan.Options.Comment,
        };
    }
}
