using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The table in which what ANALYZE and measured runs learned outlives the database being closed:
/// a row for each part of what is known of a table, by the number of the table, which is never
/// given twice. Its name cannot be written by statements. It is an ordinary table, so transactions,
/// crashes, encryption, backups and verification are as with all rows. The parts are in
/// docs/format.md.
/// </summary>
internal static class StatisticsTable
{
    /// <summary>The part that says what was looked at, and when.</summary>
    public const long SummaryPart = -1;

    /// <summary>The part with what measured runs gave of plans that begin with the table.</summary>
    public const long FeedbackPart = -2;

    private const int DataColumn = 2;

    private static readonly TableSchema Schema = new()
    {
        Name = "planner statistics",
        Columns =
        [
            new ColumnSchema("table", DataType.BigInt, IsNullable: false),
            new ColumnSchema("part", DataType.BigInt, IsNullable: false),
            new ColumnSchema("data", DataType.Blob, IsNullable: false),
        ],
        Keys = [new KeySchema("planner_statistics_pkey", [0, 1], IsPrimary: true)],
    };

    /// <summary>The part with the sampled values of a column.</summary>
    public static long SampleOf(int ordinal) => 2L * ordinal;

    /// <summary>The part with how often the values of a column occur.</summary>
    public static long CountsOf(int ordinal) => (2L * ordinal) + 1;

    /// <summary>Whether a name is that of the table.</summary>
    public static bool IsOwn(string table) =>
        table.Equals(Schema.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the table is there.</summary>
    public static bool IsIn(CatalogView catalog) => catalog.TryGetTable(Schema.Name, out _);

    /// <summary>A part; null if it is not there.</summary>
    public static byte[]? Read(StorageTransaction transaction, TableEntry table, long part) =>
        transaction.Catalog.TryGetTable(Schema.Name, out TableEntry store)
            && TryFind(transaction.Open(store), table, part) is { } row
            ? transaction.Open(store).Fetch(DataColumn, [row]).GetValue(0).AsBlob()
            : null;

    /// <summary>Puts a part in the place of the one that is there; null takes it away.</summary>
    public static void Write(
        StorageTransaction transaction, TableEntry table, long part, byte[]? data)
    {
        TableEntry store = transaction.Catalog.TryGetTable(Schema.Name, out TableEntry known)
            ? known
            : transaction.CreateTable(Schema);
        RowAddress? there = TryFind(transaction.Open(store), table, part);
        if (data is null)
        {
            if (there is { } old)
            {
                transaction.Delete(store, [old.RowId]);
            }

            return;
        }

        var row = new RowBatch(
            [
                ColumnBuffer.Constant(DataType.BigInt, Value.Of((long)table.Id), 1),
                ColumnBuffer.Constant(DataType.BigInt, Value.Of(part), 1),
                ColumnBuffer.Constant(DataType.Blob, Value.Of(data), 1),
            ],
            1);
        if (there is { } before)
        {
            transaction.Update(store, [before.RowId], row);
        }
        else
        {
            transaction.Insert(store, row);
        }
    }

    /// <summary>Removes the parts of tables that are gone.</summary>
    public static void DeleteOfDropped(StorageTransaction transaction)
    {
        if (!transaction.Catalog.TryGetTable(Schema.Name, out TableEntry store))
        {
            return;
        }

        HashSet<long> tables = [.. transaction.Catalog.Tables.Select(static it => (long)it.Id)];
        var dropped = new List<long>();
        TableSnapshot snapshot = transaction.Open(store);
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            ColumnBuffer ids = slice.Column(0);
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row) && !tables.Contains(ids.GetValue(row).AsInt64()))
                {
                    dropped.Add(slice.AddressOf(row).RowId);
                }
            }
        }

        transaction.Delete(store, [.. dropped]);
    }

    private static RowAddress? TryFind(TableSnapshot snapshot, TableEntry table, long part) =>
        snapshot.TryFind(
            0, [Value.Of((long)table.Id), Value.Of(part)], out RowAddress row)
            ? row
            : null;
}
