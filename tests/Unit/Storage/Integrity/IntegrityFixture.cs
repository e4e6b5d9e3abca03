using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Databases with every kind of file, to be damaged.</summary>
internal static class IntegrityFixture
{
    /// <summary>
    /// Closes a database with two tables in segments, of which one has dead rows, and commits
    /// behind the checkpoint.
    /// </summary>
    public static MemoryFileSystem Write(EncryptionKey? key = null, int rowCount = 5000)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = Open(disk, key);
        Fill(engine, rowCount);
        return disk;
    }

    /// <summary>The rows of <see cref="Write"/>.</summary>
    public static void Fill(StorageEngine engine, int rowCount = 5000)
    {
        TableEntry named = StorageFixture.CreateNamed(engine);
        TableEntry plain;
        using (StorageTransaction transaction = engine.Begin())
        {
            plain = transaction.CreateTable(Plain);
            transaction.Commit(Durability.Full);
        }

        StorageFixture.Insert(engine, named, StorageFixture.NamedRows(1, rowCount));
        StorageFixture.Insert(engine, plain, PlainRows(1, rowCount));
        engine.Checkpoint(isFull: false, CancellationToken.None);
        Change(engine, named, 10);
        engine.Checkpoint(isFull: false, CancellationToken.None);
        Change(engine, named, 20);
        StorageFixture.Insert(engine, plain, PlainRows(rowCount + 1, 100));
    }

    /// <summary>number BIGINT, text TEXT; no key.</summary>
    public static TableSchema Plain { get; } = new()
    {
        Name = "plain",
        Columns =
        [
            new ColumnSchema("number", DataType.BigInt),
            new ColumnSchema("text", DataType.Text),
        ],
    };

    public static RowBatch PlainRows(int first, int count) => StorageFixture.Batch(
        Plain,
        [.. Enumerable.Range(first, count).Select(static i => new[]
        {
            i % 7 == 0 ? Value.Null : Value.Of((long)SegmentColumns.Mix(i)),
            Value.Of($"text {i}"),
        })]);

    public static StorageEngine Open(MemoryFileSystem disk, EncryptionKey? key = null) =>
        StorageEngine.Open(
            StorageFixture.Seams(disk), StorageFixture.Root, StorageFixture.Options with
            {
                Key = key,
            });

    /// <summary>The findings of a directory that nobody has open.</summary>
    public static IReadOnlyList<IntegrityFinding> Verify(
        MemoryFileSystem disk, bool isQuick = false, EncryptionKey? key = null) =>
        DirectoryVerifier.Verify(
            StorageFixture.Seams(disk), StorageFixture.Root, key, isQuick, default);

    /// <summary>All files but the lock.</summary>
    public static IReadOnlyList<string> Files(MemoryFileSystem disk) =>
    [
        .. new[] { "", "wal", "seg" }
            .SelectMany(name => disk.List(Path.Combine(StorageFixture.Root, name).TrimEnd('/')))
            .Where(path => disk.FileExists(path) && Path.GetFileName(path) != "LOCK"),
    ];

    /// <summary>Where the log begins, in its first file.</summary>
    public static int LogStart(MemoryFileSystem disk)
    {
        string path = Path.Combine(StorageFixture.Root, "SUPER");
        ReadOnlySpan<byte> slots = disk.Bytes(path);
        SuperBlock super = SuperBlock.Decode(slots[..SuperBlock.SlotSizeBytes], path)
            ?? SuperBlock.Decode(slots[SuperBlock.SlotSizeBytes..], path)!;
        return (int)super.LogStart.Address;
    }

    private static void Change(StorageEngine engine, TableEntry table, int first)
    {
        using StorageTransaction transaction = engine.Begin();
        StorageFixture.Delete(transaction, table, first);
        StorageFixture.Delete(transaction, table, first + 1);
        StorageFixture.Rename(transaction, table, first + 2, $"renamed {first}");
        transaction.Commit(Durability.Full);
    }
}
