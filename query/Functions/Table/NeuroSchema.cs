using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The tables of the schema neuro: what the engine knows that no standard names.</summary>
internal static class NeuroSchema
{
    /// <summary>The relations.</summary>
    public static readonly TableFunction[] Relations =
    [
        SystemRelations.Relation(
            "neuro.tables",
            [
                ("name", DataType.Text), ("kind", DataType.Text), ("columns", DataType.Integer),
                ("rows", DataType.BigInt), ("versions", DataType.BigInt),
                ("index_bytes", DataType.BigInt), ("sql", DataType.Text),
            ],
            Tables),
        SystemRelations.Relation(
            "neuro.notices",
            [("number", DataType.Integer), ("message", DataType.Text)],
            static context => context.LastNotices.Select(static (text, i) =>
                new[] { Value.Of(i + 1), Value.Of(text) })),
        SystemRelations.Relation("neuro.comments", Comments.Columns, Comments.Rows),
        SystemRelations.Relation(
            "neuro.index_stats", IndexStatisticsTable.Columns, IndexStatisticsTable.Rows),
        SystemRelations.Relation(
            "neuro.embedding_lag", AnswerLag.Columns, AnswerLag.Rows),
        SystemRelations.Relation(
            "neuro.devices",
            [
                ("name", DataType.Text), ("kind", DataType.Text),
                ("searches", DataType.Boolean), ("trains", DataType.Boolean),
                ("reason", DataType.Text),
            ],
            Devices),
        SystemRelations.Relation(
            "neuro.statistics", ColumnStatisticsStore.Columns, ColumnStatisticsStore.Rows),
    ];

    // Vectors are searched on the device that was chosen; networks learn on the processor.
    private static IEnumerable<Value[]> Devices(ExecutionContext context)
    {
        (Accelerator device, string reason) = context.Accelerator;
        bool isProcessor = device.Kind == AcceleratorKind.Cpu;
        yield return
        [
            Value.Of(device.Name), Value.Of(device.Kind.ToString().ToLowerInvariant()),
            Value.Of(true), Value.Of(isProcessor), Value.Of(reason),
        ];
        if (!isProcessor)
        {
            yield return
            [
                Value.Of("cpu"), Value.Of("cpu"), Value.Of(false), Value.Of(true),
                Value.Of("networks are trained on the processor"),
            ];
        }
    }

    private static IEnumerable<Value[]> Tables(ExecutionContext context)
    {
        foreach (TableEntry table in SystemRelations.TablesOf(context))
        {
            yield return
            [
                Value.Of(table.Schema.Name),
                Value.Of(context.Transaction.IsTemporary(table) ? "temporary" : "table"),
                Value.Of(table.Schema.Columns.Count(static column => !column.IsUnseen)),
                Value.Of(table.Rows.LiveCount), Value.Of(table.Rows.VersionCount),
                Value.Of(table.Rows.IndexSizeBytes), Value.Of(SchemaText.Of(table.Schema)),
            ];
        }

        foreach (CatalogObject view in
            SystemRelations.ObjectsOf(CatalogObjectKind.View, context))
        {
            yield return
            [
                Value.Of(view.Name), Value.Of("view"),
                Value.Of(SystemRelations.ColumnsOf(view, context).Count),
                Value.Null, Value.Null, Value.Null, Value.Of(view.Sql),
            ];
        }
    }
}
