using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>A log of which nothing is needed gives its space back.</summary>
public sealed class LogShrinkTests
{
    private static readonly string LogDirectory = Path.Combine(StorageFixture.Root, "wal");

    [Fact]
    public void A_vacuum_after_deleting_nine_tenths_leaves_little_more_than_what_lives()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Threads(disk), StorageFixture.Root, new StorageOptions());
        TableEntry table = StorageFixture.CreateNamed(engine);
        for (int first = 0; first < 100_000; first += 10_000)
        {
            StorageFixture.Insert(engine, table, LongRows(first, 10_000));
        }

        engine.Checkpoint(isFull: false, CancellationToken.None);
        using (StorageTransaction writer = engine.Begin())
        {
            TableSnapshot snapshot = writer.Open(table);
            writer.Delete(table, [.. Enumerable.Range(0, 100_000)
                .Where(static id => id % 10 != 3).Select(static id => (long)id)]);
            writer.Commit(Durability.Full);
        }

        engine.Checkpoint(isFull: true, CancellationToken.None);

        Assert.Equal(10_000, engine.Statistics().RowCount);
        Assert.InRange(SizeOf(disk), 10_000_000, 12_000_000);
    }

    [Fact]
    public void Whatever_a_crash_leaves_of_a_vacuum_is_the_same_database_and_goes_on()
    {
        var disk = new MemoryFileSystem();
        int from;
        using (StorageEngine engine = Fill(disk))
        {
            from = disk.OperationCount;
            engine.Checkpoint(isFull: true, CancellationToken.None);
            Assert.Single(disk.List(LogDirectory), static path => path.Contains("log."));
            StorageFixture.Insert(engine, Table(engine), StorageFixture.NamedRow(901, "x"));
        }

        for (int at = from; at <= disk.OperationCount; at++)
        {
            CheckGoesOn(disk.AfterKill(at));
            for (ulong seed = 0; seed < 3; seed++)
            {
                CheckGoesOn(disk.AfterPowerLoss(at, seed));
            }
        }
    }

    [Fact]
    public void A_vacuum_that_fails_anywhere_loses_nothing()
    {
        var first = new MemoryFileSystem();
        using StorageEngine whole = Fill(first);
        int from = first.OperationCount;
        whole.Checkpoint(isFull: true, CancellationToken.None);
        for (int at = from; at < first.OperationCount; at++)
        {
            var disk = new MemoryFileSystem();
            using (StorageEngine engine = Fill(disk))
            {
                disk.FailFrom = at;
                Assert.ThrowsAny<NeuroStoreException>(
                    () => engine.Checkpoint(isFull: true, CancellationToken.None));
            }

            disk.FailFrom = int.MaxValue;
            CheckGoesOn(disk);
        }
    }

    [Fact]
    public void A_clean_close_leaves_one_small_file_of_log()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageOptions options = StorageFixture.Options with { CheckpointAtCloseLogSizeBytes = 1 };
        using (StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk), StorageFixture.Root, options))
        {
            StorageFixture.CreateNamed(engine);
            for (int i = 0; i < 20; i++)
            {
                StorageFixture.Insert(
                    engine, Table(engine), StorageFixture.NamedRows(1 + (i * 1000), 1000));
            }
        }

        string file = Assert.Single(
            disk.List(LogDirectory), static path => path.Contains("log."));
        Assert.Equal(StorageFixture.Options.Log.GrowthStepBytes, disk.Bytes(file).Length);
        using StorageEngine reopened = StorageFixture.Open(disk);
        Assert.Equal(20_000, reopened.Statistics().RowCount);
        Assert.True(reopened.Recovery.Log!.ClosedCleanly);
    }

    private static StorageEngine Fill(MemoryFileSystem disk)
    {
        StorageEngine engine = StorageFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        for (int i = 0; i < 5; i++)
        {
            StorageFixture.Insert(
                engine, table, StorageFixture.NamedRows(1 + (i * 100), 100));
        }

        return engine;
    }

    private static TableEntry Table(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        Assert.True(transaction.Catalog.TryGetTable("named", out TableEntry table));
        return table;
    }

    private static void CheckGoesOn(MemoryFileSystem disk)
    {
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            Assert.InRange(engine.Statistics().RowCount, 500, 501);
            StorageFixture.Insert(engine, Table(engine), StorageFixture.NamedRow(902, "y"));
            engine.Checkpoint(isFull: true, CancellationToken.None);
            StorageFixture.Insert(engine, Table(engine), StorageFixture.NamedRow(903, "z"));
        }

        using StorageEngine reopened = StorageFixture.Open(disk);
        Assert.InRange(reopened.Statistics().RowCount, 502, 503);
    }

    private static RowBatch LongRows(int first, int count)
    {
        var random = new SeededRandomSource((ulong)first + 1);
        string Text() => string.Create(1000, random, static (text, source) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)(' ' + (source.NextUInt64() % 95));
            }
        });
        return StorageFixture.Batch(
            StorageFixture.Named,
            [.. Enumerable.Range(first, count).Select(
                id => new[] { Value.Of(id), Value.Of(Text()) })]);
    }

    private static long SizeOf(MemoryFileSystem disk) =>
        new[] { "", "wal", "seg", "blob" }
            .SelectMany(name => disk.List(
                name.Length == 0 ? StorageFixture.Root : Path.Combine(StorageFixture.Root, name)))
            .Where(disk.FileExists)
            .Sum(path => (long)disk.Bytes(path).Length);
}
