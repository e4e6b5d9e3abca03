namespace NeuroDb.Query;

/// <summary>
/// The views of INFORMATION_SCHEMA that show models under the names of InterSystems IRIS, so that
/// tools written for those find them.
/// </summary>
internal static class ModelViews
{
    private const string Provider = "NeuroStore";

    /// <summary>The relations.</summary>
    public static readonly TableFunction[] Relations =
    [
        SystemRelations.Relation(
            "information_schema.ml_models",
            [
                ("model_name", DataType.Text), ("predicting_column_name", DataType.Text),
                ("predicting_column_type", DataType.Text), ("with_columns", DataType.Text),
                ("default_trained_model_name", DataType.Text),
                ("default_training_query", DataType.Text), ("default_settings", DataType.Json),
                ("description", DataType.Text), ("create_timestamp", DataType.Timestamp),
            ],
            static context => Live(context, static (model, facts) =>
            [
                Value.Of(model.Name), BoundModelChange.TextOrNull(model.LiveVersion.Target),
                Value.Of(model.LiveVersion.TargetType.ToString()),
                Value.Of(string.Join(", ", model.LiveVersion.Inputs.Select(
                    static it => $"{it.Name} {it.Type}"))),
                Value.Of(NameOf(model, model.Live)),
                BoundModelChange.TextOrNull(facts.TrainQuery), Value.OfJson(facts.Options),
                BoundModelChange.TextOrNull(facts.Comment),
                Value.OfTimestamp(model.CreatedMicroseconds),
            ])),
        SystemRelations.Relation(
            "information_schema.ml_trained_models",
            [
                ("model_name", DataType.Text), ("trained_model_name", DataType.Text),
                ("provider", DataType.Text), ("trained_timestamp", DataType.Timestamp),
                ("model_type", DataType.Text), ("model_info", DataType.Text),
            ],
            static context => All(context, static (model, version, facts) =>
            [
                Value.Of(model.Name), Value.Of(NameOf(model, version.Number)),
                Value.Of(Provider), Value.OfTimestamp(facts.CreatedMicroseconds),
                Value.Of(ModelBuilds.NameOf(version.Task)), Value.Of(facts.Recipe),
            ])),
        SystemRelations.Relation(
            "information_schema.ml_training_runs",
            [
                ("model_name", DataType.Text), ("training_run_name", DataType.Text),
                ("provider", DataType.Text), ("start_timestamp", DataType.Timestamp),
                ("completed_timestamp", DataType.Timestamp),
                ("training_duration", DataType.Double), ("run_status", DataType.Text),
                ("seed", DataType.BigInt), ("settings", DataType.Json),
                ("training_run_query", DataType.Text),
            ],
            static context => All(context, static (model, version, facts) =>
            [
                Value.Of(model.Name), Value.Of(NameOf(model, version.Number)),
                Value.Of(Provider), Value.OfTimestamp(facts.CreatedMicroseconds),
                Value.OfTimestamp(facts.CreatedMicroseconds + (long)(1e6 * facts.Seconds)),
                Value.Of(facts.Seconds), Value.Of("completed"), Value.Of(facts.Seed),
                Value.OfJson(facts.Options), BoundModelChange.TextOrNull(facts.TrainQuery),
            ])),
        SystemRelations.Relation(
            "information_schema.ml_validation_runs",
            [
                ("model_name", DataType.Text), ("trained_model_name", DataType.Text),
                ("validation_run_name", DataType.Text),
                ("completed_timestamp", DataType.Timestamp), ("run_status", DataType.Text),
                ("part", DataType.Text), ("row_count", DataType.BigInt),
            ],
            static context => Judged(context).DistinctBy(static it => it.Run).Select(
                static it => new[]
                {
                    it.Model, it.Version, Value.Of(it.Run), it.Row[2], Value.Of("completed"),
                    it.Row[3], it.Row[4],
                })),
        SystemRelations.Relation(
            "information_schema.ml_validation_metrics",
            [
                ("model_name", DataType.Text), ("trained_model_name", DataType.Text),
                ("validation_run_name", DataType.Text), ("metric_name", DataType.Text),
                ("metric_value", DataType.Double), ("target_value", DataType.Text),
            ],
            static context => Judged(context).Select(static it => new[]
            {
                it.Model, it.Version, Value.Of(it.Run), it.Row[5], it.Row[6], Value.Null,
            })),
    ];

    private static string NameOf(ModelDefinition model, int version) => $"{model.Name}@{version}";

    private static IEnumerable<Value[]> Live(
        ExecutionContext context, Func<ModelDefinition, ModelFacts, Value[]> row) =>
        ModelRelations.Definitions(context).Select(model => row(
            model,
            ModelReader.ReadFacts(model.LiveVersion.Identity, context.Transaction).Facts));

    private static IEnumerable<Value[]> All(
        ExecutionContext context,
        Func<ModelDefinition, ModelVersionInfo, ModelFacts, Value[]> row) =>
        from model in ModelRelations.Definitions(context)
        from version in model.Versions
        select row(
            model,
            version,
            ModelReader.ReadFacts(version.Identity, context.Transaction).Facts);

    // What was judged at one moment is one run.
    private static IEnumerable<(Value Model, Value Version, string Run, Value[] Row)> Judged(
        ExecutionContext context) =>
        from model in ModelRelations.Definitions(context)
        from version in model.Versions
        from row in ModelTables.RowsOf(
            ModelTables.Evaluations, context.Transaction, version.Identity, 1)
        let name = NameOf(model, version.Number)
        select (
            Value.Of(model.Name),
            Value.Of(name),
            FormattableString.Invariant($"{name}/{row[2].AsInt64()}/{row[3].AsText()}"),
            row);
}
