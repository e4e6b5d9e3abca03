using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Table functions that say why a version predicts as it does, and from what.</summary>
internal static class ModelInsight
{
    private const int ImportanceRowsMax = 5000;
    private const int DependenceRowsMax = 1000;
    private const int PointsMax = 1000;

    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            "ml.feature_importance",
            TakesModel: true,
            0,
            1,
            [new("part", DataType.Text, Value.Null)],
            static _ =>
            [
                ("feature", DataType.Text), ("importance", DataType.Double),
                ("metric", DataType.Text), ("share_of_splits", DataType.Double),
                ("part", DataType.Text), ("rows", DataType.BigInt),
            ],
            Importance),
        new(
            "ml.partial_dependence",
            TakesModel: true,
            0,
            1,
            [
                new("feature", DataType.Text, Value.Null),
                new("points", DataType.BigInt, Value.Of(20L)),
            ],
            static _ =>
            [
                ("feature", DataType.Text), ("value", DataType.Text), ("label", DataType.Text),
                ("mean_prediction", DataType.Double),
            ],
            Dependence),
        new(
            "ml.explain_predict",
            TakesModel: true,
            1,
            1,
            [
                new("top", DataType.BigInt, Value.Of(0L)),
                new("samples", DataType.BigInt, Value.Of(200L)),
            ],
            static _ => [("row", DataType.BigInt), .. ExplanationRows.Columns],
            ExplainAll),
    ];

    /// <summary>ml.feature_importance.</summary>
    private static IEnumerable<Value[]> Importance(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        ModelVersion version = ModelJudging.Load(inputs, context, null);
        if (version.Info.Task is not (ModelTask.Classifier or ModelTask.Regressor))
        {
            throw NeuralErrors.InvalidModel(
                $"ml.feature_importance needs a truth to compare with, and {version.Name} "
                + "predicts no column.");
        }

        JudgedPart part = inputs.Tables.Count > 0
            ? JudgedPart.Of(inputs.Tables[0].Plan, context)
            : JudgedPart.Of(
                version, ModelJudging.TextOf(values[0]), context, inputs.Position,
                sparesTest: true);
        EvaluationLog.CountUse(version, part, context);
        JudgedRows rows = JudgedRows.Read(
            version,
            part with { Read = () => First(part.Read(), ImportanceRowsMax) },
            inputs.Position,
            keepsFeatures: true);
        rows.RequireSome();
        var groups = FeatureGroup.Of(version.Pipeline);
        int[] truth = rows.Classes;
        float[] numbers = rows.Numbers;
        bool isClassifier = version.Info.Task == ModelTask.Classifier;
        int width = version.Model.OutputCount;
        double[] importance = PermutationImportance.Compute(
            rows.Features,
            rows.Count,
            [.. groups.Select(static group => (group.Start, group.Length))],
            outputs => isClassifier
                ? Enumerable.Range(0, truth.Length).Count(row =>
                    Classes.Best(outputs.AsSpan(row * width, width)) == truth[row])
                    / (double)truth.Length
                : -numbers.Select((number, row) => Math.Abs((double)number - outputs[row]))
                    .Average(),
            version.Model,
            (ulong)version.Facts.Seed);
        IReadOnlyList<double> splits = version.Model.Importance;
        return groups.Select((group, i) => (group, Value: importance[i]))
            .OrderByDescending(static it => it.Value)
            .Select(it => new[]
            {
                Value.Of(it.group.Name), Value.Of(it.Value),
                Value.Of(isClassifier ? "accuracy" : "mae"),
                splits.Count == 0 ? Value.Null : Value.Of(
                    splits.Skip(it.group.Start).Take(it.group.Length).Sum()),
                Value.Of(part.Name), Value.Of((long)rows.Count),
            });
    }

    /// <summary>ml.partial_dependence.</summary>
    private static IEnumerable<Value[]> Dependence(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        ModelVersion version = ModelJudging.Load(inputs, context, null);
        FeaturePipeline pipeline = version.Pipeline;
        string feature = ModelJudging.TextOf(values[0]) ?? "";
        int column = pipeline.Columns.ToList().FindIndex(it => string.Equals(
            it.Name, feature, StringComparison.OrdinalIgnoreCase));
        ColumnKind? kind = column < 0 ? null : pipeline.Columns[column].Kind;
        if (kind is not (ColumnKind.Number or ColumnKind.Text))
        {
            throw NeuralErrors.UnknownName(
                "feature to vary", feature, pipeline.Columns
                    .Where(static it => it.Kind is ColumnKind.Number or ColumnKind.Text)
                    .Select(static it => it.Name));
        }

        JudgedPart part = inputs.Tables.Count > 0
            ? JudgedPart.Of(inputs.Tables[0].Plan, context)
            : JudgedPart.Of(version, "train", context, inputs.Position);
        RawRows raw = ReadRaw(version, part, inputs.Position);
        int points = (int)Math.Clamp(
            values[1].IsNull ? 20 : values[1].AsInt64(), 2, PointsMax);
        double[]? numbers = kind == ColumnKind.Number
            ? PartialDependence.QuantilesOf(raw.Numbers[column].AsSpan(0, raw.Count), points)
            : null;
        string[]? texts = kind == ColumnKind.Text
            ? PartialDependence.FrequentOf(raw.Texts[column].Take(raw.Count), points) : null;
        IReadOnlyList<double[]> means = PartialDependence.Compute(
            version.Model, pipeline, raw, column, numbers, texts);
        var rows = new List<Value[]>();
        for (int i = 0; i < means.Count; i++)
        {
            string value = numbers is null ? texts![i] : LayerNames.Number(numbers[i]);
            for (int output = 0; output < means[i].Length; output++)
            {
                rows.Add(
                [
                    Value.Of(pipeline.Columns[column].Name), Value.Of(value),
                    version.Labels.Count == means[i].Length
                        ? Value.Of(version.Labels[output]) : Value.Null,
                    EvaluationLog.Number(means[i][output]),
                ]);
            }
        }

        return rows;
    }

    /// <summary>ml.explain_predict.</summary>
    private static IEnumerable<Value[]> ExplainAll(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        const int Piece = 64;
        const int SamplesMax = 100_000;
        ModelVersion version = ModelJudging.Load(inputs, context, null);
        PredictionExplainer explainer =
            PredictionExplainer.Create(version, context, inputs.Position);
        int top = values[0].IsNull ? 0 : (int)Math.Clamp(values[0].AsInt64(), 0, int.MaxValue);
        int samples = (int)Math.Clamp(
            values[1].IsNull ? 200 : values[1].AsInt64(), 1, SamplesMax);
        JudgedPart part = JudgedPart.Of(inputs.Tables[0].Plan, context);
        ModelRows reader =
            ModelRows.Bind(version.Pipeline.Columns, part.Columns, inputs.Position);
        RawRows raw = reader.NewRows(Piece);
        long number = 0;
        foreach (RowBatch batch in part.Read())
        {
            for (int start = 0; start < batch.Count; start += Piece)
            {
                reader.Read(batch, start, Math.Min(Piece, batch.Count - start), raw);
                for (int row = 0; row < raw.Count; row++)
                {
                    number++;
                    context.ThrowIfCancelled();
                    if (explainer.FeaturesOf(raw, row) is not { } features)
                    {
                        continue;
                    }

                    foreach (Value[] line in ExplanationRows.Of(
                        explainer, raw, row, features, top, samples))
                    {
                        yield return [Value.Of(number), .. line];
                    }
                }
            }
        }
    }

    private static RawRows ReadRaw(
        ModelVersion version, JudgedPart part, SourcePosition position)
    {
        ModelRows reader = ModelRows.Bind(version.Pipeline.Columns, part.Columns, position);
        RawRows raw = reader.NewRows(DependenceRowsMax);
        RowBatch[] batches = [.. First(part.Read(), DependenceRowsMax)];
        if (batches.Length == 0)
        {
            throw NeuralErrors.UntrainableData("There are no rows to vary a feature of.");
        }

        RowBatch all = BatchJoiner.Join(batches);
        reader.Read(all, 0, all.Count, raw);
        return raw;
    }

    /// <summary>The first rows of batches.</summary>
    internal static IEnumerable<RowBatch> First(IEnumerable<RowBatch> batches, int count)
    {
        foreach (RowBatch batch in batches)
        {
            yield return batch.Count <= count
                ? batch : batch.Gather([.. Enumerable.Range(0, count)]);
            count -= Math.Min(count, batch.Count);
            if (count == 0)
            {
                yield break;
            }
        }
    }
}
