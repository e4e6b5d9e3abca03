using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The tables of the schema neuro that show models.</summary>
internal static class ModelRelations
{
    /// <summary>The relations.</summary>
    public static readonly TableFunction[] Relations =
    [
        SystemRelations.Relation(
            "neuro.models",
            [
                ("name", DataType.Text), ("task", DataType.Text), ("target", DataType.Text),
                ("live_version", DataType.Integer), ("versions", DataType.Integer),
                ("owner", DataType.Text), ("policy", DataType.Json),
                ("created_at", DataType.Timestamp),
                ("sql", DataType.Text),
            ],
            Models),
        SystemRelations.Relation(
            "neuro.model_versions",
            [
                ("model", DataType.Text), ("version", DataType.Integer),
                ("is_live", DataType.Boolean), ("architecture", DataType.Text),
                ("recipe", DataType.Text), ("params", DataType.BigInt),
                ("bytes", DataType.BigInt), ("flop_per_row", DataType.BigInt),
                ("train_query", DataType.Text), ("options", DataType.Json),
                ("snapshot", DataType.BigInt), ("snapshot_hash", DataType.Text),
                ("split_hash", DataType.Text),
                ("rows_train", DataType.BigInt), ("rows_valid", DataType.BigInt),
                ("rows_test", DataType.BigInt), ("rows_rejected", DataType.BigInt),
                ("seed", DataType.BigInt), ("device", DataType.Text),
                ("threads", DataType.Integer), ("seconds", DataType.Double),
                ("best_epoch", DataType.Integer), ("metric", DataType.Text),
                ("metric_part", DataType.Text), ("metric_value", DataType.Double),
                ("metric_low", DataType.Double), ("metric_high", DataType.Double),
                ("baseline_value", DataType.Double), ("verdict", DataType.Text),
                ("validation_value", DataType.Double), ("leakage", DataType.Text),
                ("test_uses", DataType.BigInt), ("weight_hash", DataType.Text),
                ("signature", DataType.Text), ("encrypted", DataType.Boolean),
                ("dp_epsilon", DataType.Double), ("dp_delta", DataType.Double),
                ("comment", DataType.Text), ("created_at", DataType.Timestamp),
            ],
            Versions),
        SystemRelations.Relation(
            "neuro.model_tensors",
            [
                ("model", DataType.Text), ("version", DataType.Integer), ("layer", DataType.Text),
                ("shape", DataType.Text), ("dtype", DataType.Text), ("sha256", DataType.Text),
                ("piece", DataType.Integer), ("data", DataType.Blob),
            ],
            Tensors),
        SystemRelations.Relation(
            "neuro.training_log",
            [
                ("model", DataType.Text), ("version", DataType.Integer),
                .. ModelTables.Log.Columns.Skip(1).Select(static it => (it.Name, it.Type)),
                ("is_running", DataType.Boolean),
            ],
            Log),
        SystemRelations.Relation(
            "neuro.evaluations",
            [
                ("model", DataType.Text), ("version", DataType.Integer),
                .. ModelTables.Evaluations.Columns.Skip(2).Select(
                    static it => (it.Name, it.Type)),
            ],
            Evaluations),
        SystemRelations.Relation(
            "neuro.trials",
            [
                ("model", DataType.Text), ("version", DataType.Integer),
                ("trial", DataType.BigInt),
                .. ModelTables.Trials.Columns.Skip(2).Select(static it => (it.Name, it.Type)),
            ],
            Trials),
        SystemRelations.Relation(
            "neuro.abstained",
            [
                ("query_id", DataType.BigInt), ("model", DataType.Text),
                ("version", DataType.Integer), ("target", DataType.Text),
                ("label", DataType.Text), ("probability", DataType.Double),
                ("threshold", DataType.Double), ("inputs", DataType.Json),
                ("abstained_at", DataType.Timestamp),
            ],
            Abstained),
    ];

    private static IEnumerable<Value[]> Abstained(ExecutionContext context) =>
        context.Models.Abstained.Rows.Select(static row => new[]
        {
            Value.Of(row.Query), Value.Of(row.Model), Value.Of(row.Version),
            Value.Of(row.Target), Value.Of(row.Label), Value.Of(row.Probability),
            Value.Of(row.Threshold), Value.OfJson(row.Inputs),
            Value.OfTimestamp(row.Microseconds),
        });

    /// <summary>The models that the transaction sees, by name.</summary>
    public static IEnumerable<ModelDefinition> Definitions(ExecutionContext context) =>
        SystemRelations.ObjectsOf(CatalogObjectKind.Model, context)
            .Select(ModelDefinitionJson.Of);

    private static IEnumerable<Value[]> Models(ExecutionContext context) =>
        Definitions(context).Select(static model => new[]
        {
            Value.Of(model.Name),
            Value.Of(ModelBuilds.NameOf(model.LiveVersion.Task)),
            BoundModelChange.TextOrNull(model.LiveVersion.TargetText), Value.Of(model.Live),
            Value.Of(model.Versions.Count), Value.Of(model.Owner),
            Value.OfJson(ModelPolicies.ToJson(model)),
            Value.OfTimestamp(model.CreatedMicroseconds), Value.Of(model.Sql),
        });

    private static IEnumerable<Value[]> Versions(ExecutionContext context)
    {
        foreach (ModelDefinition model in Definitions(context))
        {
            foreach (ModelVersionInfo version in model.Versions)
            {
                yield return VersionOf(model, version, context);
            }
        }
    }

    private static Value[] VersionOf(
        ModelDefinition model, ModelVersionInfo version, ExecutionContext context)
    {
        (ModelFacts facts, IReadOnlyDictionary<string, string> texts, long testUses) =
            ModelReader.ReadFacts(version.Identity, context.Transaction);
        Value Whole(string name) =>
            long.TryParse(texts.GetValueOrDefault(name), out long value)
                ? Value.Of(value) : Value.Null;
        return
        [
            Value.Of(model.Name), Value.Of(version.Number),
            Value.Of(version.Number == model.Live),
            SystemRelations.Text(texts.GetValueOrDefault("architecture")),
            Value.Of(facts.Recipe), Whole("params"), Whole("bytes"), Whole("flop_per_row"),
            Value.Of(facts.TrainQuery), Value.OfJson(facts.Options), Value.Of(facts.Snapshot),
            BoundModelChange.TextOrNull(facts.SnapshotHash), Value.Of(facts.SplitHash),
            Value.Of(facts.RowsTrain), Value.Of(facts.RowsValidation),
            Value.Of(facts.RowsTest), Value.Of(facts.RowsRejected), Value.Of(facts.Seed),
            Value.Of(facts.Device), Value.Of(facts.Threads), Value.Of(facts.Seconds),
            Value.Of(facts.BestEpoch), BoundModelChange.TextOrNull(facts.Metric),
            BoundModelChange.TextOrNull(facts.MetricPart),
            BoundModelChange.NumberOrNull(facts.MetricValue),
            BoundModelChange.NumberOrNull(facts.MetricLow),
            BoundModelChange.NumberOrNull(facts.MetricHigh),
            BoundModelChange.NumberOrNull(facts.BaselineValue),
            BoundModelChange.TextOrNull(facts.Verdict),
            BoundModelChange.NumberOrNull(facts.ValidationValue), Value.Of(facts.Leakage),
            Value.Of(testUses), Value.Of(facts.WeightHash),
            BoundModelChange.TextOrNull(facts.SignedBy), Value.Of(context.Models.IsEncrypted),
            facts.PrivateDelta > 0 ? Value.Of(facts.PrivateEpsilon) : Value.Null,
            facts.PrivateDelta > 0 ? Value.Of(facts.PrivateDelta) : Value.Null,
            BoundModelChange.TextOrNull(facts.Comment),
            Value.OfTimestamp(facts.CreatedMicroseconds),
        ];
    }

    private static IEnumerable<Value[]> Tensors(ExecutionContext context)
    {
        foreach (ModelDefinition model in Definitions(context))
        {
            foreach (ModelVersionInfo version in model.Versions)
            {
                Value[][] rows = [.. ModelTables.RowsOf(
                    ModelTables.Tensors, context.Transaction, version.Identity, 0)];
                HashSet<string> names = [.. rows.Select(static row => row[2].AsText())];
                string kind = ModelReader.ReadFacts(version.Identity, context.Transaction)
                    .Texts.GetValueOrDefault("kind", "");
                foreach (Value[] row in rows)
                {
                    Value type = Value.Of(
                        QuantizedNetworkModel.ElementsOf(kind, row[2].AsText(), names));
                    IEnumerable<Value> pieces = row[5].IsNull
                        ? ModelTables.RowsOf(
                            ModelTables.Weights, context.Transaction, row[4].AsText(), 0)
                            .Select(static piece => piece[2])
                        : [row[5]];
                    int number = 0;
                    foreach (Value piece in pieces)
                    {
                        yield return
                        [
                            Value.Of(model.Name), Value.Of(version.Number), row[2], row[3],
                            type, row[4], Value.Of(number++), piece,
                        ];
                    }
                }
            }
        }
    }

    private static IEnumerable<Value[]> Log(ExecutionContext context)
    {
        foreach (ModelDefinition model in Definitions(context))
        {
            foreach (ModelVersionInfo version in model.Versions)
            {
                foreach (Value[] row in
                    TrainingLog.RowsOf(version.Identity, context.Transaction))
                {
                    yield return
                    [
                        Value.Of(model.Name), Value.Of(version.Number), .. row, Value.Of(false),
                    ];
                }
            }
        }

        foreach (ModelTraining training in context.Models.Trainings
            .OrderBy(static it => it.Model, StringComparer.OrdinalIgnoreCase))
        {
            foreach (TrainingProgress line in training.Lines)
            {
                yield return
                [
                    Value.Of(training.Model), Value.Of(training.Version),
                    .. TrainingLog.ValuesOf(line), Value.Of(true),
                ];
            }
        }
    }

    private static IEnumerable<Value[]> Evaluations(ExecutionContext context)
    {
        foreach (ModelDefinition model in Definitions(context))
        {
            foreach (ModelVersionInfo version in model.Versions)
            {
                foreach (Value[] row in ModelTables.RowsOf(
                    ModelTables.Evaluations, context.Transaction, version.Identity, 1))
                {
                    yield return
                    [
                        Value.Of(model.Name), Value.Of(version.Number), .. row.Skip(2),
                    ];
                }
            }
        }
    }

    private static IEnumerable<Value[]> Trials(ExecutionContext context)
    {
        foreach (ModelDefinition model in Definitions(context))
        {
            foreach (ModelVersionInfo version in model.Versions)
            {
                foreach (Value[] row in ModelTables.RowsOf(
                    ModelTables.Trials, context.Transaction, version.Identity, 1))
                {
                    yield return
                    [
                        Value.Of(model.Name), Value.Of(version.Number), .. row.Skip(1),
                    ];
                }
            }
        }
    }
}
