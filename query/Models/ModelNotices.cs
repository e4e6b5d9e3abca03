using System.Globalization;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Tells what one has to know of a training before trusting it.</summary>
internal static class ModelNotices
{
    /// <summary>Adds the notices of a training.</summary>
    public static void Tell(
        ModelFacts facts, ModelData data, ModelPlan plan, NoticeList notices)
    {
        if (facts.RowsRejected > 0)
        {
            notices.Add(
                $"{facts.RowsRejected} of {data.RowCount} rows were rejected: {data.RejectedCount} "
                + $"for their target, {facts.RowsRejected - data.RejectedCount} for a feature that "
                + "is NULL or no number, or a label that was never trained.");
        }

        if (facts.Leakage != "none")
        {
            string targets = string.Join(", ", plan.Targets.Select(static it => it.Name));
            notices.Add(
                $"The target {targets} follows from {facts.Leakage} alone; a model that is "
                + "given the answer learns nothing. SELECT * EXCLUDE "
                + $"({facts.Leakage}) leaves it out.");
        }

        if (data.DuplicateCount > 0)
        {
            notices.Add(
                $"{data.DuplicateCount} rows that judge are equal to rows that trained.");
        }

        if (facts.MetricPart == "train" && plan.Task != ModelTask.Cluster)
        {
            notices.Add(
                "There are no rows to test on: the metric is of the rows that trained, and says "
                + "little about others.");
        }

        TellVerdict(facts, "", notices);
    }

    /// <summary>Says that a model is not better than what stands beside it.</summary>
    /// <param name="facts">The facts of the training.</param>
    /// <param name="baseline">What the baseline is; empty where the verdict says enough.</param>
    /// <param name="notices">Where it is told.</param>
    public static void TellVerdict(ModelFacts facts, string baseline, NoticeList notices)
    {
        if (facts.Verdict.StartsWith("not", StringComparison.Ordinal)
            || facts.Verdict.StartsWith("worse", StringComparison.Ordinal))
        {
            notices.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The model is {facts.Verdict}{(baseline.Length > 0 ? ", " : "")}{baseline}: "
                + $"{facts.Metric} {facts.MetricValue:0.####} beside "
                + $"{facts.BaselineValue:0.####}."));
        }
    }
}
