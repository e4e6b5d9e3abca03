using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Reading everything in the background, driven by the clock.</summary>
public sealed class ScrubTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    [Fact]
    public void A_whole_database_is_read_without_an_alert_at_the_rate_that_is_set()
    {
        var clock = new ManualClock();
        MemoryFileSystem disk = IntegrityFixture.Write(rowCount: 20_000);
        using StorageEngine engine = Open(disk, clock, bytesPerSecond: 100_000);
        Assert.Equal(Interval, clock.Armed);
        long bytes = IntegrityFixture.Files(disk).Where(DatabaseFiles.IsSegment)
            .Sum(path => (long)disk.Bytes(path).Length);
        TimeSpan time = TimeSpan.Zero;
        while (engine.ScrubCount == 0)
        {
            time += clock.Armed!.Value;
            clock.FireAll();
        }

        time += clock.Armed!.Value - Interval;
        Assert.InRange(
            (time - Interval).TotalSeconds, bytes / 110_000.0, (bytes / 100_000.0) + 30);
        Assert.Equal(0, engine.Alerts.Count);
        Assert.InRange(clock.Armed!.Value, Interval, Interval + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Damage_of_any_file_becomes_an_alert_and_the_rest_stays_readable()
    {
        MemoryFileSystem whole = IntegrityFixture.Write();
        foreach (string path in IntegrityFixture.Files(whole))
        {
            if (Path.GetFileName(path) is "watermark")
            {
                continue;
            }

            var clock = new ManualClock();
            MemoryFileSystem disk = whole.Copy();
            using StorageEngine engine = Open(disk, clock, 1 << 20);
            int at = path.Contains("log", StringComparison.Ordinal)
                ? IntegrityFixture.LogStart(disk) + 70
                : 70;
            disk.Bytes(path)[at] ^= 1;
            Pass(engine, clock);
            IntegrityFinding alert = engine.Alerts.From(0)[0];
            Assert.Equal(path, alert.FilePath);
            int count = engine.Alerts.Count;
            Pass(engine, clock);
            Assert.Equal(count, engine.Alerts.Count);
            using StorageTransaction reader = engine.Begin();
            Assert.True(reader.Catalog.TryGetTable("named", out TableEntry table));
            Assert.NotEmpty(StorageFixture.Scan(reader, table));
            disk.Bytes(path)[at] ^= 1;
        }
    }

    [Fact]
    public void Pages_behind_the_first_damaged_one_are_found_too()
    {
        var clock = new ManualClock();
        MemoryFileSystem disk = IntegrityFixture.Write(rowCount: 20_000);
        using StorageEngine engine = Open(disk, clock, 1 << 20);
        string path = IntegrityFixture.Files(disk).First(DatabaseFiles.IsSegment);
        disk.Bytes(path)[5000] ^= 1;
        disk.Bytes(path)[^(SegmentFormat.BlockSizeBytes * 8)] ^= 1;
        Pass(engine, clock);
        Assert.InRange(engine.Alerts.From(0).Count(alert => alert.FilePath == path), 2, 4);
    }

    [Fact]
    public void Files_that_are_replaced_during_a_pass_are_no_damage()
    {
        var clock = new ManualClock();
        MemoryFileSystem disk = IntegrityFixture.Write(rowCount: 20_000);
        using StorageEngine engine = Open(disk, clock, 1 << 16);
        int step = 0;
        while (engine.ScrubCount < 2)
        {
            clock.FireAll();
            if (step++ % 7 == 3)
            {
                using StorageTransaction writer = engine.Begin();
                Assert.True(writer.Catalog.TryGetTable("named", out TableEntry table));
                StorageFixture.Delete(writer, table, 100 + step);
                writer.Commit(Durability.Full);
                engine.Checkpoint(isFull: step % 2 == 0, CancellationToken.None);
            }
        }

        Assert.Equal(0, engine.Alerts.Count);
        Assert.InRange(step, 20, 5000);
    }

    [Fact]
    public void Without_an_interval_nothing_is_read()
    {
        var clock = new ManualClock();
        MemoryFileSystem disk = IntegrityFixture.Write();
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk, clock), StorageFixture.Root, StorageFixture.Options);
        clock.FireAll();
        Assert.Null(clock.Armed);
        Assert.Equal(0, engine.ScrubCount);
    }

    [Fact]
    public void Sessions_and_the_event_tell_of_each_alert_once()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        var clock = new ManualClock();
        using NeuroStore store = NeuroStore.Open("/scrubbed", new NeuroStoreOptions
        {
            Seams = StorageFixture.Seams(disk, clock),
            ScrubInterval = Interval,
        });
        var raised = new List<IntegrityIssue>();
        store.AlertRaised += (_, alert) => raised.Add(alert);
        store.Execute("CREATE TABLE t (a INTEGER, b TEXT)");
        store.Execute("INSERT INTO t VALUES (1, 'one'), (2, 'two')");
        store.Execute("CHECKPOINT");
        using Session session = store.OpenSession();
        session.Execute("SELECT 1");
        Assert.Empty(session.Notices);
        Assert.Equal("ok", session.QueryScalar<string>("PRAGMA background_check"));
        string path = disk.List("/scrubbed/seg").Single();
        disk.Bytes(path)[SegmentFormat.BlockSizeBytes + 3] ^= 1;
        while (raised.Count == 0)
        {
            clock.FireAll();
        }

        Assert.Equal(path, raised[0].FilePath);
        Assert.Equal(raised, store.Alerts);
        session.Execute("SELECT 1");
        Assert.Contains(path, Assert.Single(session.Notices), StringComparison.Ordinal);
        session.Execute("SELECT 1");
        Assert.Empty(session.Notices);
        Assert.Contains(
            path,
            session.QueryScalar<string>("PRAGMA background_check"),
            StringComparison.Ordinal);
        disk.Bytes(path)[SegmentFormat.BlockSizeBytes + 3] ^= 1;
    }

    private static StorageEngine Open(
        MemoryFileSystem disk, ManualClock clock, long bytesPerSecond) => StorageEngine.Open(
            StorageFixture.Seams(disk, clock),
            StorageFixture.Root,
            StorageFixture.Options with
            {
                ScrubInterval = Interval,
                ScrubBytesPerSecond = bytesPerSecond,
            });

    private static void Pass(StorageEngine engine, ManualClock clock)
    {
        long before = engine.ScrubCount;
        while (engine.ScrubCount == before)
        {
            clock.FireAll();
        }
    }
}
