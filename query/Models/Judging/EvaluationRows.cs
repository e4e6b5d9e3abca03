using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The rows of EVALUATE MODEL and ml.evaluate: one for each metric.</summary>
internal static class EvaluationRows
{
    private const int NearDuplicateRowsMax = 20_000;
    private const double NearThreshold = 0.9;

    /// <summary>The columns.</summary>
    public static readonly (string Name, DataType Type)[] Columns =
    [
        ("model", DataType.Text), ("version", DataType.BigInt), ("part", DataType.Text),
        ("metric", DataType.Text), ("value", DataType.Double), ("low", DataType.Double),
        ("high", DataType.Double), ("baseline", DataType.Double), ("verdict", DataType.Text),
        ("rows", DataType.BigInt), ("rejected", DataType.BigInt),
        ("unseen_labels", DataType.BigInt), ("duplicates", DataType.BigInt),
        ("leakage", DataType.Text), ("split_hash", DataType.Text),
        ("is_same_split", DataType.Boolean), ("test_uses", DataType.BigInt),
        ("target", DataType.Text),
    ];

    /// <summary>ml.evaluate.</summary>
    public static IEnumerable<Value[]> Run(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        Invariant.Check(inputs.Model is not null && inputs.Version is not null);
        if (ModelBuilds.IsOfItsOwn(inputs.Version.Task))
        {
            ModelVersion version = context.Models.Load(
                inputs.Model.Name.Last, inputs.Version, context.Transaction);
            return TaskJudgement.Of(
                version,
                ModelJudging.TextOf(values[0]),
                inputs.Tables.Count > 0 ? inputs.Tables[0].Plan : null,
                context,
                inputs.Position).ToRows(version, context);
        }

        IReadOnlyList<ModelVersion> heads = ModelJudging.LoadHeads(inputs, context);
        JudgedPart part = ModelJudging.PartOf(inputs, values[0], heads[0], context);
        return Judge(heads, part, inputs.Position, context)
            .SelectMany(it => Make(it.Head, it.Rows, it.Metrics, context));
    }

    /// <summary>What judges each target of a version on the same rows, looked at once.</summary>
    public static IReadOnlyList<(
        ModelVersion Head, JudgedRows Rows, IReadOnlyList<JudgedMetric> Metrics)> Judge(
        IReadOnlyList<ModelVersion> heads,
        JudgedPart part,
        SourcePosition position,
        ExecutionContext context)
    {
        long uses = EvaluationLog.CountUse(heads[0], part, context);
        var judged = new List<(ModelVersion, JudgedRows, IReadOnlyList<JudgedMetric>)>();
        foreach (ModelVersion head in heads)
        {
            JudgedRows rows = JudgedRows.Read(head, part.For(head), position);
            rows.TestUses = uses;
            judged.Add((head, rows, rows.Judge()));
        }

        return judged;
    }

    /// <summary>The rows of metrics.</summary>
    public static IReadOnlyList<Value[]> Make(
        ModelVersion version,
        JudgedRows rows,
        IReadOnlyList<JudgedMetric> metrics,
        ExecutionContext context)
    {
        Tell(version, rows, metrics, context);
        ModelData? data = rows.Part.Data;
        Value duplicates = CountDuplicates(version, rows.Part, context);
        long unseen = rows.Classes.LongCount(static label => label < 0);
        return
        [
            .. metrics.Select(metric => new[]
            {
                Value.Of(version.Name), Value.Of((long)version.Info.Number),
                Value.Of(rows.Name), Value.Of(metric.Name),
                EvaluationLog.Number(metric.Value), EvaluationLog.Number(metric.Low),
                EvaluationLog.Number(metric.High), EvaluationLog.Number(metric.Baseline),
                metric.Verdict.Length == 0 ? Value.Null : Value.Of(metric.Verdict),
                Value.Of((long)rows.Count), Value.Of(rows.Rejected), Value.Of(unseen),
                duplicates, Value.Of(version.Facts.Leakage),
                data is null ? Value.Null : Value.Of(data.SplitHash),
                data is null ? Value.Null : Value.Of(data.SplitHash == version.Facts.SplitHash),
                Value.Of(rows.TestUses), BoundModelChange.TextOrNull(version.Info.Target),
            }),
        ];
    }

    private static void Tell(
        ModelVersion version,
        JudgedRows rows,
        IReadOnlyList<JudgedMetric> metrics,
        ExecutionContext context)
    {
        if (rows.Rejected > 0)
        {
            context.Notices.Add(
                $"{rows.Rejected} rows were rejected: they have no usable target or feature.");
        }

        if (rows.Part.Data is { } data && data.SplitHash != version.Facts.SplitHash)
        {
            context.Notices.Add(
                "The rows of the training changed since: those of today are divided by the same "
                + "rule, and may be others than the model was judged by before.");
        }

        if (metrics[0].Verdict is { Length: > 0 } verdict
            && !verdict.StartsWith("better", StringComparison.Ordinal))
        {
            string target = version.Whole.Info.Others.Count > 0
                ? $" for {version.Info.Target}" : "";
            context.Notices.Add($"The model {version.Name} is {verdict}{target}.");
        }
    }

    /// <summary>
    /// Rows of the part that equal one that trained, or have nine tenths of their words and values
    /// in common with one; NULL if there are too many rows to look.
    /// </summary>
    private static Value CountDuplicates(
        ModelVersion version, JudgedPart part, ExecutionContext context)
    {
        if (part.Data is not { } data || part.Name == "train"
            || data.RowCount > NearDuplicateRowsMax)
        {
            return part.Data is { DuplicateCount: >= 0 } known && part.Name != "train"
                ? Value.Of(known.DuplicateCount) : Value.Null;
        }

        int[] inputs = [.. version.Info.Inputs.Select(input => data.Query.IndexOf(input.Name))];
        List<ulong[]> rows = [];
        foreach (RowBatch batch in data.Read(SplitPart.Train))
        {
            RowUnits.Add(batch, inputs, rows);
        }

        int trained = rows.Count;
        foreach (RowBatch batch in part.Read())
        {
            RowUnits.Add(batch, inputs, rows);
        }

        // Of equal rows each is paired with the first, so that one of the part finds a trained one
        // even where another of the part stands between them.
        long count = NearDuplicates.Find(rows, NearThreshold, context.Cancellation)
            .Where(pair => pair.First < trained && pair.Second >= trained)
            .Select(static pair => pair.Second).Distinct().LongCount();
        return Value.Of(count);
    }
}
