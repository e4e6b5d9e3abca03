using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Databases with large values on a disk in memory.</summary>
internal static class LargeValueFixture
{
    /// <summary>id INTEGER PRIMARY KEY, data BLOB, note TEXT.</summary>
    public static TableSchema Schema { get; } = new()
    {
        Name = "documents",
        Columns =
        [
            new ColumnSchema("id", DataType.Integer, IsNullable: false),
            new ColumnSchema("data", DataType.Blob),
            new ColumnSchema("note", DataType.Text),
        ],
        Keys = [new KeySchema("documents_pk", [0], IsPrimary: true)],
    };

    public static TableEntry Create(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = transaction.CreateTable(Schema);
        transaction.Commit(Durability.Full);
        return table;
    }

    public static TableEntry Table(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        Assert.True(transaction.Catalog.TryGetTable(Schema.Name, out TableEntry table));
        return table;
    }

    /// <summary>A row whose blob has that many bytes, which follow from the number.</summary>
    public static RowBatch Row(int id, int size, string? note = null) => Batch(
        Schema,
        [
            Value.Of(id),
            Value.Of(NumberStream.Bytes(size, id)),
            note is null ? Value.Null : Value.Of(note),
        ]);

    public static void Insert(StorageEngine engine, int id, int size, string? note = null)
    {
        using StorageTransaction transaction = engine.Begin();
        transaction.Insert(Table(engine), Row(id, size, note));
        transaction.Commit(Durability.Full);
    }

    public static void Delete(StorageEngine engine, int id)
    {
        TableEntry table = Table(engine);
        using StorageTransaction transaction = engine.Begin();
        bool isThere = transaction.Open(table).TryFind(0, [Value.Of(id)], out RowAddress row);
        Assert.True(isThere);
        transaction.Delete(table, [row.RowId]);
        transaction.Commit(Durability.Full);
    }

    /// <summary>The sizes of the blobs by their rows; every byte is compared.</summary>
    public static Dictionary<int, int> Sizes(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        return transaction.Catalog.TryGetTable(Schema.Name, out TableEntry table)
            ? Sizes(transaction.Open(table))
            : [];
    }

    /// <summary>As above, of a snapshot that was opened before.</summary>
    public static Dictionary<int, int> Sizes(TableSnapshot snapshot)
    {
        var sizes = new Dictionary<int, int>();
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            var ids = (ColumnBuffer<long>)slice.Column(0);
            var data = (ColumnBuffer<byte[]>)slice.Column(1);
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row))
                {
                    int id = (int)ids.Values[row];
                    byte[] bytes = data.ValueAt(row);
                    Assert.Equal(NumberStream.Bytes(bytes.Length, id), bytes);
                    sizes.Add(id, bytes.Length);
                }
            }
        }

        return sizes;
    }

    /// <summary>How many files of large values there are.</summary>
    public static int FileCount(MemoryFileSystem disk, string root = Root) =>
        disk.List(Path.Combine(root, "blob")).Count;

    public static string[] Paths(MemoryFileSystem disk, string root = Root) =>
        [.. disk.List(Path.Combine(root, "blob"))];

    public static void Checkpoint(StorageEngine engine, bool isFull = false) =>
        engine.Checkpoint(isFull, CancellationToken.None);
}
