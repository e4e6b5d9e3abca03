using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

public sealed class CheckpointTests
{
    private static readonly string LogDirectory = Path.Combine(StorageFixture.Root, "wal");
    private static readonly string FirstLogFile = Path.Combine(LogDirectory, "log.0");

    [Fact]
    public void Rows_of_all_types_come_back_from_segments_without_any_log()
    {
        var disk = new MemoryFileSystem();
        string[] before;
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            TableEntry table = StorageFixture.CreateNamed(engine);
            StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 10_000));
            engine.Checkpoint(isFull: false, CancellationToken.None);
            before = StorageFixture.Dump(engine);
        }

        using StorageEngine reopened = StorageFixture.Open(disk);
        Assert.Equal(before, StorageFixture.Dump(reopened));
        Assert.Equal(0, reopened.Recovery.TransactionCount);
        Assert.Equal(10_000, reopened.Statistics().RowCount);
    }

    [Fact]
    public void Commits_after_a_checkpoint_are_replayed_on_top_of_it()
    {
        var disk = new MemoryFileSystem();
        string[] before;
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            TableEntry table = StorageFixture.CreateNamed(engine);
            StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 5000));
            engine.Checkpoint(isFull: false, CancellationToken.None);
            Change(engine, table);
            before = StorageFixture.Dump(engine);
        }

        using StorageEngine reopened = StorageFixture.Open(disk);
        Assert.Equal(before, StorageFixture.Dump(reopened));
        Assert.Equal(3, reopened.Recovery.TransactionCount);
    }

    [Fact]
    public void Deleted_rows_of_a_segment_stay_deleted_after_the_next_checkpoint()
    {
        var disk = new MemoryFileSystem();
        string[] before;
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            TableEntry table = StorageFixture.CreateNamed(engine);
            StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 5000));
            engine.Checkpoint(isFull: false, CancellationToken.None);
            Change(engine, table);
            engine.Checkpoint(isFull: false, CancellationToken.None);
            before = StorageFixture.Dump(engine);
        }

        using StorageEngine reopened = StorageFixture.Open(disk);
        Assert.Equal(before, StorageFixture.Dump(reopened));
        Assert.Equal(0, reopened.Recovery.TransactionCount);
        Assert.Contains(
            disk.List(Path.Combine(StorageFixture.Root, "seg")),
            static path => path.EndsWith(".del", StringComparison.Ordinal));
    }

    [Fact]
    public void An_old_reader_sees_its_rows_through_checkpoints_and_lets_files_go_at_its_end()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = StorageFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 5000));
        engine.Checkpoint(isFull: false, CancellationToken.None);
        StorageTransaction reader = engine.Begin();
        string[] before = StorageFixture.Scan(reader, table);
        using (StorageTransaction writer = engine.Begin())
        {
            for (int id = 1; id <= 4000; id++)
            {
                StorageFixture.Delete(writer, table, id);
            }

            writer.Commit(Durability.Full);
        }

        engine.Checkpoint(isFull: true, CancellationToken.None);

        Assert.Equal(before, StorageFixture.Scan(reader, table));
        Assert.Equal(1000, StorageFixture.Scan(engine, table).Length);
        Assert.Equal(2, SegmentCount(disk));
        reader.Dispose();
        Assert.Equal(1, SegmentCount(disk));
    }

    [Fact]
    public void A_long_reader_keeps_what_it_sees_and_nothing_that_came_and_went_since()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = StorageFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 300));
        engine.Checkpoint(isFull: false, CancellationToken.None);
        StorageTransaction reader = engine.Begin();
        string[] before = StorageFixture.Scan(reader, table);
        for (int i = 0; i < 8; i++)
        {
            StorageFixture.Insert(
                engine, table, StorageFixture.NamedRows(1000 + (i * 300), 300));
            engine.Checkpoint(isFull: true, CancellationToken.None);
            Assert.Equal(before, StorageFixture.Scan(reader, table));
            Assert.Equal(2, SegmentCount(disk));
        }

        reader.Dispose();
        Assert.Equal(1, SegmentCount(disk));
        Assert.Equal(2700, StorageFixture.Scan(engine, table).Length);
    }

    [Fact]
    public void A_reader_of_a_dropped_table_reads_on_after_the_next_checkpoint()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = StorageFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 300));
        engine.Checkpoint(isFull: false, CancellationToken.None);
        using (StorageTransaction reader = engine.Begin())
        {
            using (StorageTransaction writer = engine.Begin())
            {
                writer.DropTable(table);
                writer.Commit(Durability.Full);
            }

            engine.Checkpoint(isFull: true, CancellationToken.None);
            engine.Checkpoint(isFull: true, CancellationToken.None);
            Assert.Equal(300, StorageFixture.Scan(reader, table).Length);
        }

        Assert.Equal(0, SegmentCount(disk));
    }

    [Fact]
    public void A_writer_that_began_before_a_checkpoint_commits_after_it()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = StorageFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 100));
        using StorageTransaction writer = engine.Begin();
        using StorageTransaction loser = engine.Begin();
        StorageFixture.Rename(writer, table, 7, "seven");
        StorageFixture.Rename(loser, table, 7, "sieben");
        engine.Checkpoint(isFull: true, CancellationToken.None);
        writer.Commit(Durability.Full);

        Assert.Contains("7|seven", StorageFixture.Scan(engine, table));
        Assert.Throws<ConflictException>(() => loser.Commit(Durability.Full));
        Assert.Equal(100, StorageFixture.Scan(engine, table).Length);
    }

    [Fact]
    public void The_files_of_a_dropped_table_are_removed_by_the_next_checkpoint()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = StorageFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 100));
        engine.Checkpoint(isFull: false, CancellationToken.None);
        Assert.Equal(1, SegmentCount(disk));
        using (StorageTransaction writer = engine.Begin())
        {
            writer.DropTable(table);
            writer.Commit(Durability.Full);
        }

        engine.Checkpoint(isFull: false, CancellationToken.None);

        Assert.Equal(0, SegmentCount(disk));
    }

    [Fact]
    public void A_checkpoint_lets_the_log_begin_later()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = StorageFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        for (int i = 0; i < 60; i++)
        {
            StorageFixture.Insert(
                engine, table, StorageFixture.NamedRows(1 + (i * 1000), 1000));
        }

        Assert.Contains(FirstLogFile, disk.List(LogDirectory));
        engine.Checkpoint(isFull: false, CancellationToken.None);

        Assert.DoesNotContain(FirstLogFile, disk.List(LogDirectory));
        Assert.Equal(60_000, engine.Statistics().RowCount);
    }

    [Fact]
    public void A_log_that_has_grown_makes_a_checkpoint_by_itself()
    {
        var disk = new MemoryFileSystem();
        StorageOptions options = StorageFixture.Options with { CheckpointLogSizeBytes = 1 << 20 };
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk), StorageFixture.Root, options);
        TableEntry table = StorageFixture.CreateNamed(engine);
        for (int i = 0; i < 60; i++)
        {
            StorageFixture.Insert(
                engine, table, StorageFixture.NamedRows(1 + (i * 1000), 1000));
        }

        Assert.True(SegmentCount(disk) > 0);
        Assert.Equal(60_000, StorageFixture.Scan(engine, table).Length);
    }

    [Fact]
    public void The_next_identity_and_the_uniqueness_of_keys_survive_a_checkpoint()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            TableEntry table = StorageFixture.CreateNamed(engine);
            StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 50));
            using StorageTransaction writer = engine.Begin();
            StorageFixture.Delete(writer, table, 50);
            writer.Commit(Durability.Full);
            engine.Checkpoint(isFull: true, CancellationToken.None);
        }

        using StorageEngine reopened = StorageFixture.Open(disk);
        using StorageTransaction transaction = reopened.Begin();
        Assert.True(transaction.Catalog.TryGetTable("named", out TableEntry found));
        Assert.Equal(51, transaction.TakeIdentity(found, 1));
        Assert.Throws<ConstraintException>(
            () => transaction.Insert(found, StorageFixture.NamedRow(7, "other")));
        Assert.Throws<ConstraintException>(
            () => transaction.Insert(found, StorageFixture.NamedRow(60, "row 7")));
        transaction.Insert(found, StorageFixture.NamedRow(50, "row 50"));
        transaction.Commit(Durability.Full);
    }

    private static void Change(StorageEngine engine, TableEntry table)
    {
        using (StorageTransaction writer = engine.Begin())
        {
            StorageFixture.Delete(writer, table, 17);
            StorageFixture.Delete(writer, table, 4999);
            writer.Commit(Durability.Full);
        }

        using (StorageTransaction writer = engine.Begin())
        {
            StorageFixture.Rename(writer, table, 18, "eighteen");
            StorageFixture.Rename(writer, table, 19, null);
            writer.Commit(Durability.Full);
        }

        StorageFixture.Insert(engine, table, StorageFixture.NamedRow(17, "again"));
    }

    private static int SegmentCount(MemoryFileSystem disk) =>
        disk.List(Path.Combine(StorageFixture.Root, "seg")).Count(
            static path => path.EndsWith(".seg", StringComparison.Ordinal));
}
