using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The tables of the schema neuro that show what models need: policies, drift, what was done to
/// them, and how much room they take.
/// </summary>
internal static class ModelUpkeep
{
    /// <summary>The relations.</summary>
    public static readonly TableFunction[] Relations =
    [
        SystemRelations.Relation(
            "neuro.model_policy",
            [
                ("model", DataType.Text), ("version", DataType.Integer), ("class", DataType.Text),
                ("next_update_at", DataType.Timestamp), ("reason", DataType.Text),
                ("forecast_error_days", DataType.Double), ("drift", DataType.Double),
                ("auto_update", DataType.Text), ("drift_metric", DataType.Text),
                ("drift_limit", DataType.Double), ("keep_versions", DataType.Integer),
                ("retention", DataType.Text),
            ],
            ModelOutlook.Rows),
        SystemRelations.Relation(
            "neuro.drift",
            [
                ("model", DataType.Text), ("version", DataType.Integer),
                .. ModelTables.Drift.Columns.Skip(2).Select(static it => (it.Name, it.Type)),
            ],
            Drift),
        SystemRelations.Relation(
            "neuro.audit",
            [.. ModelTables.Audit.Columns.Skip(2).Select(static it => (it.Name, it.Type))],
            ModelAudit.Rows),
        SystemRelations.Relation(
            "neuro.storage",
            [
                ("file_bytes", DataType.BigInt), ("model_bytes", DataType.BigInt),
                ("reclaimed_bytes", DataType.BigInt), ("live_rows", DataType.BigInt),
                ("dead_rows", DataType.BigInt), ("encrypted", DataType.Boolean),
            ],
            Storage),
    ];

    /// <summary>What was measured of a version, in the order of measuring.</summary>
    public static IEnumerable<Value[]> DriftOf(
        ModelVersionInfo version, ExecutionContext context) =>
        ModelTables.RowsOf(ModelTables.Drift, context.Transaction, version.Identity, 1);

    private static IEnumerable<Value[]> Drift(ExecutionContext context) =>
        from model in ModelRelations.Definitions(context)
        from version in model.Versions
        from row in DriftOf(version, context)
        select (Value[])[Value.Of(model.Name), Value.Of(version.Number), .. row.Skip(2)];

    private static IEnumerable<Value[]> Storage(ExecutionContext context)
    {
        TableEntry[] tables = [.. context.Transaction.Catalog.Tables];
        long live = tables.Sum(static table => table.Rows.LiveCount);
        long models = ModelTables.AllRows(ModelTables.Tensors, context.Transaction)
            .DistinctBy(static row => row[4].AsText())
            .Sum(static row => ModelWriter.BytesOf(row[3].AsText()));
        return
        [
            [
                context.Models.Place is { } place
                    ? Value.Of(BytesIn(place.Files, place.Path)) : Value.Null,
                Value.Of(models), Value.Of(ModelAudit.FreedBytes(context)), Value.Of(live),
                Value.Of(tables.Sum(static table => table.Rows.VersionCount) - live),
                Value.Of(context.Models.IsEncrypted),
            ],
        ];
    }

    private static long BytesIn(IFileSystem files, string path)
    {
        long bytes = 0;
        foreach (string entry in files.List(path))
        {
            if (files.DirectoryExists(entry))
            {
                bytes += BytesIn(files, entry);
                continue;
            }

            try
            {
                using IFile file = files.Open(entry, FileOpenKind.Read);
                bytes += file.Length;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException
                or NeuroStoreException)
            {
                // A file that a checkpoint took away meanwhile, or the lock of the owner.
            }
        }

        return bytes;
    }
}
