using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Databases whose transactions write segments from the first full chunk on.</summary>
internal static class BulkFixture
{
    /// <summary>Rows that fill three segments of two chunks and a part of a fourth.</summary>
    public const int RowCount = 30_000;

    public static StorageOptions Options { get; } = StorageFixture.Options with
    {
        BulkStartSizeBytes = 1000,
        BulkSegmentSizeBytes = 250_000,
        CheckpointAtCloseLogSizeBytes = long.MaxValue,
    };

    public static StorageEngine Open(MemoryFileSystem disk) =>
        StorageEngine.Open(StorageFixture.Seams(disk), StorageFixture.Root, Options);

    public static StorageEngine OpenWithThreads(MemoryFileSystem disk) =>
        StorageEngine.Open(StorageFixture.Threads(disk), StorageFixture.Root, Options);

    /// <summary>Inserts rows in batches, as a bulk load does.</summary>
    public static void Load(
        StorageTransaction transaction, TableEntry table, int first, int count)
    {
        for (int done = 0; done < count; done += 2000)
        {
            transaction.Insert(
                table, StorageFixture.NamedRows(first + done, Math.Min(2000, count - done)));
        }
    }

    public static void LoadAndCommit(
        StorageEngine engine, TableEntry table, int first = 1, int count = RowCount)
    {
        using StorageTransaction transaction = engine.Begin();
        Load(transaction, table, first, count);
        transaction.Commit(Durability.Full);
    }

    /// <summary>The files of segments on a disk.</summary>
    public static int SegmentCount(MemoryFileSystem disk) =>
        disk.List(Path.Combine(StorageFixture.Root, "seg")).Count(DatabaseFiles.IsSegment);
}
