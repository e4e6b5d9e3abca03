using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Whatever a crash or a failure leaves of a backup: the source is whole, and the target is the
/// earlier backup, the new one, or no database.
/// </summary>
public sealed class BackupCrashTests
{
    private const string Target = "/backup";

    [Fact]
    public void Every_crash_leaves_the_earlier_or_the_new_backup_or_none()
    {
        var disk = new MemoryFileSystem();
        int first;
        int between;
        int second;
        using (StorageEngine engine = Fill(disk))
        {
            engine.Checkpoint(isFull: false, CancellationToken.None);
            first = disk.OperationCount;
            Back(engine);
            between = disk.OperationCount;
            Change(engine);
            second = disk.OperationCount;
            Back(engine);
            for (int at = first; at <= disk.OperationCount; at++)
            {
                int? earlier = at >= between ? 300 : null;
                int later = at >= second ? 301 : 300;
                Check(disk.AfterKill(at), earlier, later);
                for (ulong seed = 0; seed < 3; seed++)
                {
                    Check(disk.AfterPowerLoss(at, seed), earlier, later);
                }
            }
        }
    }

    [Fact]
    public void Every_failure_leaves_the_source_whole_and_the_next_backup_succeeds()
    {
        var probe = new MemoryFileSystem();
        using StorageEngine whole = Fill(probe);
        Back(whole);
        Change(whole);
        int from = probe.OperationCount;
        Back(whole);
        for (int at = from; at < probe.OperationCount; at++)
        {
            var disk = new MemoryFileSystem();
            using StorageEngine engine = Fill(disk);
            Back(engine);
            Change(engine);
            disk.FailFrom = at;
            NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
                () => Back(engine));
            Assert.Equal(ErrorCode.InputOutput, error.Code);
            disk.FailFrom = int.MaxValue;
            Assert.Equal(301, engine.Statistics().RowCount);
            Back(engine);
            Assert.Equal(301, CountIn(disk));
        }
    }

    private static void Check(MemoryFileSystem disk, int? earlier, int later)
    {
        using (StorageEngine source = StorageFixture.Open(disk))
        {
            Assert.InRange(source.Statistics().RowCount, 300, 301);
        }

        int? found = null;
        try
        {
            if (disk.DirectoryExists(Target) && disk.FileExists(Path.Combine(Target, "SUPER")))
            {
                found = CountIn(disk);
            }
            else if (disk.FileExists(Path.Combine(Target, "BACKUP.new")))
            {
                found = CountIn(disk);
            }
        }
        catch (NeuroStoreException error) when (error.Code == ErrorCode.NotADatabase)
        {
            Assert.Null(earlier);
        }

        Assert.True(found is null || found == earlier || found == later, $"{found} rows");
        Assert.True(earlier is null || found is not null);
        using (StorageEngine source = StorageFixture.Open(disk))
        {
            Back(source);
            Assert.Equal(source.Statistics().RowCount, CountIn(disk));
        }
    }

    private static int CountIn(MemoryFileSystem disk)
    {
        using StorageEngine copy = StorageEngine.Open(
            StorageFixture.Seams(disk), Target, StorageFixture.Options);
        return (int)copy.Statistics().RowCount;
    }

    private static StorageEngine Fill(MemoryFileSystem disk)
    {
        StorageEngine engine = StorageFixture.Open(disk);
        StorageFixture.Insert(
            engine, StorageFixture.CreateNamed(engine), StorageFixture.NamedRows(1, 300));
        return engine;
    }

    private static void Change(StorageEngine engine)
    {
        using (StorageTransaction writer = engine.Begin())
        {
            Assert.True(writer.Catalog.TryGetTable("named", out TableEntry table));
            writer.Insert(table, StorageFixture.NamedRow(301, "new"));
            writer.Commit(Durability.Full);
        }

        engine.Checkpoint(isFull: true, CancellationToken.None);
    }

    private static void Back(StorageEngine engine) =>
        engine.BackUp(Target, isCompact: false, CancellationToken.None);
}
