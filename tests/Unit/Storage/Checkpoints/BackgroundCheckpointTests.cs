using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Checkpoints that nobody asked for: who waits for them, and who hears of them.</summary>
public sealed class BackgroundCheckpointTests
{
    [Fact]
    public void A_writer_above_the_budget_waits_for_the_checkpoint_and_goes_on_after_it()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        var workers = new DeferredWorkers();
        using StorageEngine engine = Open(disk, workers, 200_000);
        TableEntry table = StorageFixture.CreateNamed(engine);
        Fill(engine, table);
        using var isWriting = new ManualResetEventSlim();
        var writer = new Thread(() =>
        {
            isWriting.Set();
            StorageFixture.Insert(engine, table, StorageFixture.NamedRow(90_000, "waited"));
        });
        writer.Start();
        isWriting.Wait();
        while (writer.ThreadState != ThreadState.WaitSleepJoin)
        {
            Thread.Yield();
        }

        Assert.Equal(0, Count(engine, 90_000));
        workers.RunAll();
        writer.Join();
        Assert.Equal(1, Count(engine, 90_000));

        // What the writer was the last to read goes beside it.
        workers.RunAll();
        Assert.InRange(engine.Memory!.Value.DeltaBytes, 0, 200_000);
    }

    [Fact]
    public void Waiting_for_memory_ends_when_it_is_cancelled()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        var workers = new DeferredWorkers();
        using StorageEngine engine = Open(disk, workers, 200_000);
        TableEntry table = StorageFixture.CreateNamed(engine);
        Fill(engine, table);
        using var cancellation = new CancellationTokenSource();
        Exception? error = null;
        var writer = new Thread(() => error = Record.Exception(() =>
        {
            using StorageTransaction transaction = engine.Begin();
            transaction.Insert(table, StorageFixture.NamedRow(90_000, "never"));
            transaction.Commit(Durability.Full, cancellation.Token);
        }));
        writer.Start();
        while (writer.ThreadState != ThreadState.WaitSleepJoin)
        {
            Thread.Yield();
        }

        cancellation.Cancel();
        writer.Join();
        Assert.IsType<OperationCanceledException>(error);
        workers.RunAll();
        Assert.Equal(0, Count(engine, 90_000));
    }

    [Fact]
    public void A_failure_is_an_alert_and_the_next_checkpoint_tells_of_it_if_it_fails_too()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        var options = new NeuroStoreOptions
        {
            Seams = StorageFixture.Seams(disk),
            Storage = StorageFixture.Options with { CheckpointLogSizeBytes = 100_000 },
        };
        using NeuroStore store = NeuroStore.Open("/failing", options);
        using Session session = store.OpenSession();
        session.Execute("CREATE TABLE t (a INTEGER, b TEXT)");

        // The first new file of a segment cannot be made; the log goes on into what is there.
        disk.CreateFails = static path => path.EndsWith(".seg", StringComparison.Ordinal);
        string text = new('x', 1000);
        while (store.Alerts.Count == 0)
        {
            session.Execute("INSERT INTO t VALUES (1, ?)", text);
        }

        string alert = Assert.Single(store.Alerts).ToString();
        Assert.Contains("checkpoint in the background failed", alert, StringComparison.Ordinal);
        session.Execute("SELECT 1");
        Assert.Contains(alert, session.Notices);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => session.Execute("CHECKPOINT"));
        Assert.Equal(ErrorCode.InputOutput, error.Code);
        Assert.Contains("An earlier checkpoint", error.Message, StringComparison.Ordinal);
        disk.CreateFails = null;
        session.Execute("CHECKPOINT");
        session.Execute("INSERT INTO t VALUES (2, 'after')");
        Assert.Equal("ok", session.QueryScalar<string>("PRAGMA integrity_check"));
    }

    [Fact]
    public void Commits_go_on_while_a_backup_copies()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Threads(disk), StorageFixture.Root, StorageFixture.Options);
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 20_000));
        long during = 0;
        disk.BeforeMove = path =>
        {
            // In the middle of the backup, after each file that it has copied.
            if (path.StartsWith("/copy", StringComparison.Ordinal))
            {
                int id = 100_000 + (int)Interlocked.Increment(ref during);
                StorageFixture.Insert(engine, table, StorageFixture.NamedRow(id, $"during {id}"));
                if (during == 1)
                {
                    StorageFixture.Insert(
                        engine, table, StorageFixture.NamedRows(200_000, 5000));
                    engine.Checkpoint(isFull: true, CancellationToken.None);
                }
            }
        };
        BackupSummary summary = engine.BackUp("/copy", isCompact: false, default);
        disk.BeforeMove = null;
        Assert.InRange(during, 2, 100);
        Assert.Equal(25_000 + during, engine.Statistics().RowCount);
        using StorageEngine copy = StorageEngine.Open(
            StorageFixture.Seams(disk), "/copy", StorageFixture.Options);
        Assert.Equal(20_000, copy.Statistics().RowCount);
        Assert.Equal(summary.LastCommit, copy.Statistics().CommitTimestamp);
        Assert.Empty(engine.Verify(isQuick: false, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_deleting_nine_tenths_the_background_gives_the_space_back(int seed)
    {
        const int RowCount = 120_000;
        var random = new Random(seed);
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageOptions options = StorageFixture.Options with { CheckpointLogSizeBytes = 400_000 };
        var seams = StorageFixture.Seams(disk);
        using (StorageEngine engine = StorageEngine.Open(seams, StorageFixture.Root, options))
        {
            TableEntry table = StorageFixture.CreateNamed(engine);
            for (int first = 1; first < RowCount; first += 2000)
            {
                StorageFixture.Insert(engine, table, StorageFixture.NamedRows(first, 2000));
            }

            int[] ids = [.. Enumerable.Range(1, RowCount)];
            random.Shuffle(ids);
            foreach (int[] batch in ids[..(RowCount * 9 / 10)].Chunk(500))
            {
                using StorageTransaction transaction = engine.Begin();
                TableSnapshot snapshot = transaction.Open(table);
                transaction.Delete(table, [.. batch.Select(id =>
                {
                    Assert.True(snapshot.TryFind(0, [Value.Of(id)], out RowAddress row));
                    return row.RowId;
                })]);
                transaction.Commit(Durability.Full);
            }
        }

        long live = SizeOfLiveRows(disk);
        long size = IntegrityFixture.Files(disk).Sum(path => (long)disk.Bytes(path).Length);
        long log = disk.List("/db/wal").Sum(path => (long)disk.Bytes(path).Length);
        Assert.True(
            size - log <= live * 1.2, $"{size - log} bytes of tables for {live} of live rows");
        Assert.InRange(log, 1, 1 << 20);
    }

    // What the rows that are left take in a database of their own.
    private static long SizeOfLiveRows(MemoryFileSystem disk)
    {
        using StorageEngine engine = StorageFixture.Open(disk);
        engine.BackUp("/live", isCompact: true, default);
        return disk.List("/live/seg").Sum(path => (long)disk.Bytes(path).Length)
            + disk.List("/live").Where(disk.FileExists)
                .Sum(path => (long)disk.Bytes(path).Length);
    }

    private static StorageEngine Open(
        MemoryFileSystem disk, IWorkers workers, long budgetBytes) => StorageEngine.Open(
            new SystemSeams(disk, new ManualClock(), new SeededRandomSource(7), workers),
            StorageFixture.Root,
            StorageFixture.Options with { MemoryBudgetBytes = budgetBytes });

    private static void Fill(StorageEngine engine, TableEntry table)
    {
        for (int first = 1; engine.Memory!.Value.DeltaBytes <= 200_000; first += 500)
        {
            StorageFixture.Insert(engine, table, StorageFixture.NamedRows(first, 500));
        }
    }

    private static int Count(StorageEngine engine, int id)
    {
        using StorageTransaction transaction = engine.Begin();
        Assert.True(transaction.Catalog.TryGetTable("named", out TableEntry table));
        return transaction.Open(table).TryFind(0, [Value.Of(id)], out _) ? 1 : 0;
    }
}
