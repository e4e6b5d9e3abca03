using System.Security.Cryptography;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// ALTER MODEL QUANTIZE: another version of the live one with fewer bits in its weights, judged on
/// the same rows as the live one, so that what it costs is seen. The live version stays live.
/// </summary>
internal sealed class BoundQuantizeModel(AlterModelStatementSyntax syntax) : BoundStatement
{
    private static readonly ResultRows Result = new(
        ("model", DataType.Text), ("version", DataType.Integer), ("weights", DataType.Text),
        ("bytes", DataType.BigInt), ("part", DataType.Text), ("metric", DataType.Text),
        ("value", DataType.Double), ("change", DataType.Double));

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Result.Columns;

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        IdentifierSyntax? word = syntax.Quantization;
        Invariant.Check(word is not null);
        StoredPrecision precision = word.Name.ToLowerInvariant() switch
        {
            "int8" => StoredPrecision.Int8,
            "fp16" => StoredPrecision.Half,
            _ => throw NeuralErrors.UnknownName("precision", word.Name, ["int8", "fp16"]),
        };
        ModelDefinition model = ModelLookup.Find(syntax.Name, context.Transaction.Catalog);
        ModelVersion live =
            context.Models.Load(model.Name, model.LiveVersion, context.Transaction);
        if (ModelBuilds.IsOfItsOwn(live.Info.Task))
        {
            throw ModelBuilds.NotOfRows(
                "QUANTIZE", model.Name, live.Info.Task, syntax.Name.Position);
        }

        QuantizedNetworkModel packed = QuantizedNetworkModel.Quantize(live.Model, precision);
        ModelPackage package = live.Package with { Model = packed };
        (ModelFacts facts, JudgedMetric? old, JudgedMetric? own) =
            Compare(live, package, context);
        facts = facts with { WeightHash = HashOf(packed), Seconds = 0 };
        var built = new BuiltModel(
            package with { Facts = facts.ToTexts() }, live.Info, facts, []);
        ModelAudit.Add("quantize", model.Name, model.Next, syntax, context);
        ModelDefinition changed = ModelCatalog.Add(model, built, isLive: false, context);
        context.Notices.Add(
            $"Version {live.Info.Number} stays live; ALTER MODEL {model.Name} SET LIVE VERSION "
            + $"{model.Next} changes that.");
        return Result.ToResult(
        [
            Row(changed.Name, live.Info.Number, "fp32", live.Model, facts.MetricPart, old, null),
            Row(changed.Name, model.Next, word.Name.ToLowerInvariant(), packed, facts.MetricPart,
                own, own is null || old is null ? null : own.Value - old.Value),
        ]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"Quantize model {syntax.Name.Last}"];

    private (ModelFacts Facts, JudgedMetric? Old, JudgedMetric? Own) Compare(
        ModelVersion live, ModelPackage package, ExecutionContext context)
    {
        ModelFacts facts = live.Facts with
        {
            Metric = "",
            MetricPart = "",
            MetricValue = double.NaN,
            MetricLow = double.NaN,
            MetricHigh = double.NaN,
            BaselineValue = double.NaN,
            Verdict = "",
            ValidationValue = double.NaN,
            Targets = [.. live.Facts.Targets.Select(static it => it with { Calibration = "" })],
            CreatedMicroseconds = context.NowMicroseconds,
        };
        if (live.Facts.TrainQuery.Length == 0)
        {
            context.Notices.Add(
                "The model was imported, so there are no rows to say what fewer bits cost; "
                + $"EVALUATE MODEL {live.Name}@latest ON (query) does.");
            return (facts, null, null);
        }

        JudgedPart part = JudgedPart.Of(
            live, null, context, syntax.Name.Position, sparesTest: true);
        EvaluationLog.CountUse(live, part, context);
        JudgedMetric old = Known(JudgedRows.Read(live, part, syntax.Name.Position).Judge());
        var small = new ModelVersion(live.Name, live.Info, package);
        JudgedMetric own = Known(JudgedRows.Read(small, part, syntax.Name.Position).Judge());
        facts = facts with
        {
            Metric = own.Name,
            MetricPart = part.Name,
            MetricValue = own.Value,
            MetricLow = own.Low,
            MetricHigh = own.High,
            BaselineValue = own.Baseline,
            Verdict = own.Verdict,
            ValidationValue = part.Name == "validation" ? own.Value : double.NaN,
        };
        return (facts, old, own);
    }

    /// <summary>The metric that versions are known by.</summary>
    private static JudgedMetric Known(IReadOnlyList<JudgedMetric> metrics) =>
        metrics.FirstOrDefault(static metric => metric.Name == "r2") ?? metrics[0];

    private static string HashOf(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor tensor in model.Tensors)
        {
            hash.AppendData(ModelFile.BytesOf(tensor));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Value[] Row(
        string name,
        int version,
        string weights,
        Model model,
        string part,
        JudgedMetric? metric,
        double? change) =>
    [
        Value.Of(name), Value.Of(version), Value.Of(weights),
        Value.Of(model.Tensors.Sum(static tensor => 4L * tensor.Data.Length)),
        BoundModelChange.TextOrNull(part),
        metric is null ? Value.Null : Value.Of(metric.Name),
        metric is null ? Value.Null : EvaluationLog.Number(metric.Value),
        change is double known ? EvaluationLog.Number(known) : Value.Null,
    ];
}
