namespace NeuroDb.Query;

/// <summary>Table functions that show how one version was trained.</summary>
internal static class TrainingRows
{
    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            "ml.training_log",
            TakesModel: true,
            0,
            0,
            [],
            static _ => [.. ModelTables.Log.Columns.Skip(1)
                .Select(static column => (column.Name, column.Type))],
            static (inputs, _, context) => TrainingLog.RowsOf(
                inputs.Version!.Identity, context.Transaction)),
        new(
            "ml.trial_info",
            TakesModel: true,
            0,
            0,
            [],
            static _ => [.. ModelTables.Trials.Columns.Skip(1)
                .Select(static column => (column.Name, column.Type))],
            static (inputs, _, context) => RowsOf(ModelTables.Trials, inputs, context)),
    ];

    private static IEnumerable<Value[]> RowsOf(
        TableSchema schema, ObjectInputs inputs, ExecutionContext context)
    {
        Invariant.Check(inputs.Version is not null);
        return ModelTables.RowsOf(schema, context.Transaction, inputs.Version.Identity, 1)
            .Select(static row => row[1..]);
    }
}
