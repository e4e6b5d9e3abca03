using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Databases, schemas, rows and scans for the tests of the storage layer.</summary>
internal static class StorageFixture
{
    public const string Root = "/db";

    /// <summary>Freezes all tables.</summary>
    public static FrozenState Freeze(StorageEngine engine) =>
        engine.Layouts.Freeze(engine.Layouts.PlanFreeze());

    /// <summary>A small log, so that a test may damage each bit of it.</summary>
    public static StorageOptions Options { get; } = new()
    {
        Log = new RecordLogOptions(64 << 10, 1 << 20, 64 << 10),
    };

    /// <summary>id INTEGER PRIMARY KEY, name TEXT UNIQUE.</summary>
    public static TableSchema Named { get; } = new()
    {
        Name = "named",
        Columns =
        [
            new ColumnSchema("id", DataType.Integer, IsNullable: false),
            new ColumnSchema("name", DataType.Text),
        ],
        Keys =
        [
            new KeySchema("named_pk", [0], IsPrimary: true),
            new KeySchema("named_name", [1], IsPrimary: false),
        ],
        IdentityOrdinal = 0,
    };

    /// <summary>id INTEGER PRIMARY KEY, name TEXT.</summary>
    public static TableSchema Words { get; } = new()
    {
        Name = "words",
        Columns = Named.Columns,
        Keys = [new KeySchema("words_pk", [0], IsPrimary: true)],
    };

    /// <summary>One column of every type.</summary>
    public static TableSchema AllTypes { get; } = new()
    {
        Name = "everything",
        Columns =
        [
            new ColumnSchema("flag", DataType.Boolean),
            new ColumnSchema("big", DataType.BigInt),
            new ColumnSchema("ratio", DataType.Double, IsNullable: true, "0.5"),
            new ColumnSchema("price", DataType.DecimalOf(10, 2)),
            new ColumnSchema("text", DataType.Text),
            new ColumnSchema("bytes", DataType.Blob),
            new ColumnSchema("day", DataType.Date),
            new ColumnSchema("at", DataType.Timestamp),
            new ColumnSchema("key", DataType.Uuid),
            new ColumnSchema("doc", DataType.Json),
            new ColumnSchema("fixed", DataType.VectorOf(3)),
            new ColumnSchema("free", DataType.VectorOf(0)),
            new ColumnSchema("halves", DataType.HalfVectorOf(3)),
            new ColumnSchema("bits", DataType.BitVectorOf(11)),
            new ColumnSchema("free int8", DataType.Int8VectorOf(0)),
        ],
        Checks = [new CheckSchema("positive", "big > 0")],
    };

    /// <summary>Seams of one thread, a disk in memory and a clock that stands.</summary>
    public static SystemSeams Seams(MemoryFileSystem disk, ManualClock? clock = null) => new(
        disk, clock ?? new ManualClock(), new SeededRandomSource(7), new InlineWorkers());

    /// <summary>Seams of real threads and a disk in memory.</summary>
    public static SystemSeams Threads(MemoryFileSystem disk) => new(
        disk, TimeProvider.System, new SeededRandomSource(7), new SystemWorkers(4));

    public static StorageEngine Open(MemoryFileSystem disk) =>
        StorageEngine.Open(Seams(disk), Root, Options);

    public static StorageEngine InMemory() =>
        StorageEngine.OpenInMemory(Seams(new MemoryFileSystem()), Options);

    public static RowBatch Batch(TableSchema schema, params Value[][] rows)
    {
        var columns = new ColumnBuffer[schema.Columns.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnBuilder builder = ColumnBuilder.Create(schema.Columns[i].Type);
            foreach (Value[] row in rows)
            {
                builder.Append(row[i]);
            }

            columns[i] = builder.Build();
        }

        return new RowBatch(columns, rows.Length);
    }

    public static RowBatch NamedRow(int id, string? name) => Batch(
        Named, [Value.Of(id), name is null ? Value.Null : Value.Of(name)]);

    public static RowBatch NamedRows(int first, int count) => Batch(
        Named,
        [.. Enumerable.Range(first, count).Select(
            static id => new[] { Value.Of(id), Value.Of($"row {id}") })]);

    /// <summary>Creates <see cref="Named"/> and commits.</summary>
    public static TableEntry CreateNamed(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = transaction.CreateTable(Named);
        transaction.Commit(Durability.Full);
        return table;
    }

    public static void Insert(StorageEngine engine, TableEntry table, RowBatch rows)
    {
        using StorageTransaction transaction = engine.Begin();
        transaction.Insert(table, rows);
        transaction.Commit(Durability.Full);
    }

    /// <summary>The number of the row with an id.</summary>
    public static long RowId(StorageTransaction transaction, TableEntry table, int id)
    {
        TableSnapshot snapshot = transaction.Open(table);
        Assert.True(snapshot.TryFind(0, [Value.Of(id)], out RowAddress row));
        return row.RowId;
    }

    public static void Delete(StorageTransaction transaction, TableEntry table, int id) =>
        transaction.Delete(table, [RowId(transaction, table, id)]);

    public static void Rename(
        StorageTransaction transaction, TableEntry table, int id, string? name) =>
        transaction.Update(table, [RowId(transaction, table, id)], NamedRow(id, name));

    /// <summary>The visible rows as text, in order.</summary>
    public static string[] Scan(StorageTransaction transaction, TableEntry table) =>
        [.. Rows(transaction.Open(table)).Order(StringComparer.Ordinal)];

    public static string[] Scan(StorageEngine engine, TableEntry table)
    {
        using StorageTransaction transaction = engine.Begin();
        return Scan(transaction, table);
    }

    /// <summary>All tables and rows as text.</summary>
    public static string[] Dump(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        return [.. transaction.Catalog.Tables
            .OrderBy(static table => table.Schema.Name, StringComparer.Ordinal)
            .SelectMany(table => Scan(transaction, table)
                .Prepend($"table {table.Id} {table.Schema.Name} {transaction.SnapshotTimestamp}"))];
    }

    public static IEnumerable<string> Rows(TableSnapshot snapshot)
    {
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            ColumnBuffer[] columns = [.. Enumerable.Range(
                0, snapshot.Table.Schema.Columns.Count).Select(slice.Column)];
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row))
                {
                    yield return string.Join(
                        '|', columns.Select(column => Show(column.GetValue(row))));
                }
            }
        }
    }

    public static string Show(Value value) => value.Kind switch
    {
        TypeKind.Null => "null",
        TypeKind.Double or TypeKind.Real =>
            value.AsDouble().ToString("R", CultureInfo.InvariantCulture),
        TypeKind.Decimal => value.AsDecimal().ToString(CultureInfo.InvariantCulture),
        TypeKind.Uuid => value.AsUuid().ToString(),
        TypeKind.Text or TypeKind.Json => value.AsText(),
        TypeKind.Blob => Convert.ToHexString(value.AsBlob()),
        TypeKind.Vector => string.Join(' ', value.AsVector().ToArray().Select(
            static element => element.ToString("R", CultureInfo.InvariantCulture))),
        TypeKind.HalfVector or TypeKind.Int8Vector or TypeKind.BitVector =>
            Convert.ToHexString(value.AsCompactVector().Bytes.Span),
        _ => value.AsInt64().ToString(CultureInfo.InvariantCulture),
    };
}
