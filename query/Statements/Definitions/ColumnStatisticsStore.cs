using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The statistics that ANALYZE stores: for each column how many values are NULL and how many
/// differ, and the bounds of an equi-depth histogram of a random sample (Poosala et al., Improved
/// Histograms for Selectivity Estimation, section 3). They lie in a table whose name no statement
/// can write, and are read as neuro.statistics.
/// </summary>
internal static class ColumnStatisticsStore
{
    private const string TableName = "column statistics";
    private const int SampleCountMax = 16_384;
    private const int BucketCount = 64;

    /// <summary>The columns.</summary>
    public static readonly (string Name, DataType Type)[] Columns =
    [
        ("table_name", DataType.Text), ("column_name", DataType.Text),
        ("row_count", DataType.BigInt), ("null_count", DataType.BigInt),
        ("distinct_count", DataType.BigInt), ("histogram", DataType.Json),
        ("analyzed_at", DataType.Timestamp),
    ];

    /// <summary>Whether a table holds the statistics.</summary>
    public static bool IsOwn(string table) =>
        table.Equals(TableName, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is stored.</summary>
    public static IEnumerable<Value[]> Rows(ExecutionContext context)
    {
        if (!context.Transaction.Catalog.TryGetTable(TableName, out TableEntry store))
        {
            yield break;
        }

        TableSnapshot snapshot = context.Transaction.Open(store);
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row))
                {
                    yield return [.. Enumerable.Range(0, Columns.Length).Select(
                        column => slice.Column(column).GetValue(row))];
                }
            }
        }
    }

    /// <summary>Looks at all rows of a table and stores what was seen.</summary>
    public static void Gather(TableEntry table, ExecutionContext context)
    {
        TableEntry store = StoreOf(context);
        foreach (ColumnSchema column in table.Schema.Columns)
        {
            if (column.IsUnseen || column.Type.IsVector || column.Type.Kind == TypeKind.Blob)
            {
                continue;
            }

            string name = SqlText.Quote(column.Name);
            string from = SqlText.Quote(table.Schema.Name);
            RowBatch counts = InternalQuery.Rows(
                $"SELECT count(*), count({name}), approx_count_distinct({name}) FROM {from}",
                context)!;
            long rows = counts.Columns[0].GetValue(0).AsInt64();
            Value[] values =
            [
                Value.Of(table.Schema.Name), Value.Of(column.Name), Value.Of(rows),
                Value.Of(rows - counts.Columns[1].GetValue(0).AsInt64()),
                counts.Columns[2].GetValue(0),
                Value.OfJson(Histogram(Sample(name, from, context))),
                Value.OfTimestamp(context.NowMicroseconds),
            ];
            Store(store, values, context);
        }
    }

    private static TableEntry StoreOf(ExecutionContext context)
    {
        if (context.Transaction.Catalog.TryGetTable(TableName, out TableEntry known))
        {
            return known;
        }

        return context.Transaction.CreateTable(new TableSchema
        {
            Name = TableName,
            Columns = [.. Columns.Select((column, i) =>
                new ColumnSchema(column.Name, column.Type, IsNullable: i > 1))],
            Keys = [new KeySchema("statistics_pkey", [0, 1], IsPrimary: true)],
        });
    }

    private static void Store(TableEntry store, Value[] values, ExecutionContext context)
    {
        var row = new RowBatch(
            [.. values.Select((value, i) => ColumnBuffer.Constant(Columns[i].Type, value, 1))], 1);
        if (context.Transaction.Open(store).TryFind(0, values.AsSpan(0, 2), out RowAddress there))
        {
            context.Transaction.Update(store, [there.RowId], row);
        }
        else
        {
            context.Transaction.Insert(store, row);
        }
    }

    // Every row has the same chance to be in the sample (Vitter, Random Sampling with a Reservoir,
    // algorithm R); the choice is the same each time.
    private static List<Value> Sample(string column, string from, ExecutionContext context)
    {
        var random = new SeededRandomSource(1);
        var sample = new List<Value>();
        long seen = 0;
        using BatchCursor rows = InternalQuery
            .Plan($"SELECT {column} FROM {from} WHERE {column} IS NOT NULL", context)
            .Open(context);
        for (RowBatch? batch = rows.Next(); batch is not null; batch = rows.Next())
        {
            context.ThrowIfCancelled();
            for (int row = 0; row < batch.Count; row++)
            {
                seen++;
                if (sample.Count < SampleCountMax)
                {
                    sample.Add(batch.Columns[0].GetValue(row));
                    continue;
                }

                ulong at = random.NextUInt64() % (ulong)seen;
                if (at < SampleCountMax)
                {
                    sample[(int)at] = batch.Columns[0].GetValue(row);
                }
            }
        }

        return sample;
    }

    private static string Histogram(List<Value> sample)
    {
        if (sample.Count == 0)
        {
            return "[]";
        }

        PhysicalKind kind = DataType.FromParts(sample[0].Kind, 0, 0).Physical;
        sample.Sort((left, right) => ValueOrder.Compare(kind, left, right));
        int buckets = Math.Min(BucketCount, sample.Count);
        IEnumerable<string> bounds = Enumerable.Range(0, buckets + 1).Select(i =>
            System.Text.Json.JsonSerializer.Serialize(
                ValueText.Format(sample[(int)((long)i * (sample.Count - 1) / buckets)])));
        return string.Create(CultureInfo.InvariantCulture, $"[{string.Join(',', bounds)}]");
    }
}
