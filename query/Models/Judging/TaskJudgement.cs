using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What judges a model that says nothing of single rows: a forecaster, a recommender.
/// </summary>
/// <param name="Part">train, validation, test, or query for rows that were given.</param>
/// <param name="Count">What was judged: places to forecast from, users.</param>
/// <param name="Rejected">Rows that could not be used.</param>
/// <param name="SplitHash">Which row had which part, as a hash; empty for given rows.</param>
/// <param name="Metrics">The metrics; the first is the one that the model is known by.</param>
internal sealed record TaskJudgement(
    string Part,
    long Count,
    long Rejected,
    string SplitHash,
    IReadOnlyList<JudgedMetric> Metrics)
{
    /// <summary>Judges a version by a part of its rows, or by rows of a plan.</summary>
    public static TaskJudgement Of(
        ModelVersion version,
        string? part,
        PlanNode? rows,
        ExecutionContext context,
        SourcePosition position) => version.Info.Task switch
        {
            ModelTask.Forecaster => ForecastRows.Judge(version, part, rows, context, position),
            ModelTask.Recommender => RecommendRows.Judge(version, part, rows, context, position),
            ModelTask.GraphEmbedding => GraphRows.Judge(version, part, rows, context, position),
            ModelTask.Tagger => TaggerRows.Judge(version, part, rows, context, position),
            _ => throw Invariant.Broken("a judgement of a model of rows"),
        };

    /// <summary>The rows of EVALUATE MODEL, after its test rows were counted as used.</summary>
    public IReadOnlyList<Value[]> ToRows(ModelVersion version, ExecutionContext context)
    {
        long uses = EvaluationLog.CountUse(
            version, new JudgedPart(Part, [], null, static () => []), context);
        if (Metrics[0].Verdict is { Length: > 0 } verdict
            && !verdict.StartsWith("better", StringComparison.Ordinal))
        {
            context.Notices.Add($"The model {version.Name} is {verdict}.");
        }

        Value hash = BoundModelChange.TextOrNull(SplitHash);
        return
        [
            .. Metrics.Select(metric => new[]
            {
                Value.Of(version.Name), Value.Of((long)version.Info.Number), Value.Of(Part),
                Value.Of(metric.Name), EvaluationLog.Number(metric.Value),
                EvaluationLog.Number(metric.Low), EvaluationLog.Number(metric.High),
                EvaluationLog.Number(metric.Baseline), BoundModelChange.TextOrNull(metric.Verdict),
                Value.Of(Count), Value.Of(Rejected), Value.Of(0L), Value.Null,
                Value.Of(version.Facts.Leakage), hash,
                hash.IsNull ? Value.Null : Value.Of(SplitHash == version.Facts.SplitHash),
                Value.Of(uses), BoundModelChange.TextOrNull(version.Info.Target),
            }),
        ];
    }
}
