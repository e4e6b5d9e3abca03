using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Writes down that a version was judged: a row for each metric, within the transaction, and a use
/// of its test rows, for good.
/// </summary>
internal static class EvaluationLog
{
    private const int UsesColumn = 3;

    /// <summary>
    /// Counts a look at the rows of a part, if they are test rows; gives how often the test rows of
    /// all versions of the model were looked at. Who trains ten versions and looks at each of them
    /// once has chosen by ten looks.
    /// </summary>
    public static long CountUse(ModelVersion version, JudgedPart part, ExecutionContext context)
    {
        string identity = version.Info.Identity;
        long counted = part.IsTest
            ? context.Models.CountTestUse(identity, context.Transaction) : -1;
        bool isThere = context.Transaction.Catalog.TryGetObject(
            CatalogObjectKind.Model, version.Name, out CatalogObject known);
        Invariant.Check(isThere, "a model that was bound is in the catalog");
        return ModelDefinitionJson.Of(known).Versions.Sum(other =>
            other.Identity == identity && counted >= 0 ? counted : UsesOf(other, context));
    }

    /// <summary>Stores the metrics.</summary>
    public static void Write(
        ModelVersion version,
        JudgedRows rows,
        IReadOnlyList<JudgedMetric> metrics,
        ExecutionContext context)
    {
        foreach (JudgedMetric metric in metrics)
        {
            ModelWriter.AddEvaluation(
                version.Info.Identity,
                rows.Name,
                rows.Count,
                version.Whole.Info.Others.Count == 0 ? metric : metric with
                {
                    Name = $"{metric.Name}({version.Info.Target})",
                },
                rows.Part.Data?.SplitHash ?? "",
                context);
        }
    }

    /// <summary>Stores the metrics of a model that says nothing of single rows.</summary>
    public static void Write(
        ModelVersion version, TaskJudgement judgement, ExecutionContext context)
    {
        foreach (JudgedMetric metric in judgement.Metrics)
        {
            ModelWriter.AddEvaluation(
                version.Info.Identity,
                judgement.Part,
                judgement.Count,
                metric,
                judgement.SplitHash,
                context);
        }
    }

    /// <summary>A number; NULL for one that is not known.</summary>
    public static Value Number(double value) => BoundModelChange.NumberOrNull(value);

    private static long UsesOf(ModelVersionInfo version, ExecutionContext context) =>
        ModelTables.Find(
            ModelTables.Versions, context.Transaction, out _, Value.Of(version.Identity))
            is { } row ? row[UsesColumn].AsInt64() : 0;
}
