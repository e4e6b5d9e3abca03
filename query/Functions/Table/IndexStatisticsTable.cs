using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of neuro.index_stats: for each index its kind, what finds its rows, and its figures. A
/// learned index whose data defeat its model says "tree".
/// </summary>
internal static class IndexStatisticsTable
{
    /// <summary>The columns.</summary>
    public static readonly (string Name, DataType Type)[] Columns =
    [
        ("index", DataType.Text), ("table", DataType.Text), ("kind", DataType.Text),
        ("is_unique", DataType.Boolean), ("columns", DataType.Text),
        ("structure", DataType.Text), ("rows", DataType.BigInt), ("bytes", DataType.BigInt),
        ("runs", DataType.BigInt), ("segments", DataType.BigInt),
        ("error_bound", DataType.BigInt), ("lookups", DataType.BigInt),
        ("distinct_codes", DataType.BigInt),
    ];

    /// <summary>The rows.</summary>
    public static IEnumerable<Value[]> Rows(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        foreach (IndexEntry index in catalog.Indexes.OrderBy(
            static entry => entry.Schema.Name, StringComparer.OrdinalIgnoreCase))
        {
            IndexSchema schema = index.Schema;
            TableEntry table = catalog.Tables.First(entry => entry.Id == schema.TableId);
            IndexStatistics? figures = schema.Kind == IndexKind.Learned
                ? LearnedIndex.Of(index, table).Statistics()
                : index.Structure?.Statistics();
            Value Of(Func<IndexStatistics, long> figure) =>
                figures is { } known ? Value.Of(figure(known)) : Value.Null;
            yield return
            [
                Value.Of(schema.Name), Value.Of(table.Schema.Name),
                Value.Of(schema.Kind.ToString().ToLowerInvariant()), Value.Of(schema.IsUnique),
                Value.Of(string.Join(", ", schema.Columns.Select(column =>
                    table.Schema.Columns[column.Ordinal].Name
                    + (column.IsDescending ? " DESC" : "")))),
                figures is { } some ? Value.Of(some.Structure) : Value.Null,
                Of(static known => known.RowCount), Of(static known => known.SizeBytes),
                Of(static known => known.RunCount), Of(static known => known.SegmentCount),
                Of(static known => known.ErrorBound), Of(static known => known.LookupCount),
                Of(static known => known.DistinctCount),
            ];
        }
    }
}
