using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class BulkRollbackTests
{
    [Fact]
    public void A_rollback_leaves_no_files()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.Open(disk);
        TableEntry table = CreateNamed(engine);
        int open = disk.OpenFileCount;
        using (StorageTransaction loader = engine.Begin())
        {
            BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
            Assert.Equal(4, BulkFixture.SegmentCount(disk));
        }

        Assert.Equal(0, BulkFixture.SegmentCount(disk));
        Assert.Equal(open, disk.OpenFileCount);
        Assert.Empty(Scan(engine, table));
        BulkFixture.LoadAndCommit(engine, table);
        Assert.Equal(BulkFixture.RowCount, Scan(engine, table).Length);
    }

    [Fact]
    public void Closing_the_database_removes_the_segments_of_a_running_transaction()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageEngine engine = BulkFixture.OpenWithThreads(disk);
        TableEntry table = CreateNamed(engine);
        using StorageTransaction loader = engine.Begin();
        BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
        engine.Dispose();

        Assert.Equal(0, BulkFixture.SegmentCount(disk));
        Assert.Equal(0, disk.OpenFileCount);
        Assert.Throws<NeuroStoreException>(() => loader.Insert(table, NamedRow(-1, "late")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(8192)]
    [InlineData(10_000)]
    [InlineData(16_384)]
    [InlineData(25_000)]
    [InlineData(29_999)]
    public void A_savepoint_in_front_of_or_inside_of_segments_is_returned_to(int kept)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = BulkFixture.OpenWithThreads(disk))
        {
            TableEntry table = CreateNamed(engine);
            using (StorageTransaction loader = engine.Begin())
            {
                BulkFixture.Load(loader, table, 1, kept);
                int savepoint = loader.Savepoint();
                string[] own = Scan(loader, table);
                BulkFixture.Load(loader, table, kept + 1, BulkFixture.RowCount - kept);
                Delete(loader, table, 1);
                Delete(loader, table, BulkFixture.RowCount);
                loader.RollbackTo(savepoint);
                Assert.Equal(own, Scan(loader, table));
                Assert.Equal(kept, own.Length);
                BulkFixture.Load(loader, table, kept + 1, BulkFixture.RowCount - kept);
                Rename(loader, table, 17, "renamed");
                loader.Commit(Durability.Full);
            }

            before = Dump(engine);
            Assert.Equal(BulkFixture.RowCount + 1, before.Length);
        }

        using StorageEngine again = BulkFixture.Open(disk);
        Assert.Equal(before, Dump(again));
        Assert.InRange(BulkFixture.SegmentCount(disk), 4, 5);
    }

    [Fact]
    public void A_snapshot_from_before_a_savepoint_still_reads_its_rows_after_the_return()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.Open(disk);
        TableEntry table = CreateNamed(engine);
        using StorageTransaction loader = engine.Begin();
        BulkFixture.Load(loader, table, 1, 5000);
        int savepoint = loader.Savepoint();
        BulkFixture.Load(loader, table, 5001, 10_000);
        TableSlice slice = loader.Open(table).Slice(0);
        loader.RollbackTo(savepoint);

        Assert.Equal(4096, slice.Column(0).GetValue(4095).AsInt64());
        Assert.Equal(5000, Scan(loader, table).Length);
    }

    [Fact]
    public void A_key_of_rows_in_segments_is_refused_and_the_statement_taken_back()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.Open(disk);
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRow(-5, "there"));
        using StorageTransaction loader = engine.Begin();
        BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
        Assert.Throws<ConstraintException>(() => loader.Insert(table, NamedRow(3, "x")));
        Assert.Throws<ConstraintException>(() => loader.Insert(table, NamedRow(-3, "row 9")));
        Assert.Throws<ConstraintException>(() => loader.Insert(table, NamedRow(-3, "there")));
        Assert.Throws<ConstraintException>(
            () => loader.Insert(table, NamedRows(BulkFixture.RowCount, 2)));
        Delete(loader, table, 3);
        loader.Insert(table, NamedRow(3, "row 3"));
        loader.Commit(Durability.Full);

        Assert.Equal(BulkFixture.RowCount + 1, Scan(engine, table).Length);
        Assert.Throws<ConstraintException>(() => Insert(engine, table, NamedRow(3, "y")));
        Assert.Throws<ConstraintException>(() => Insert(engine, table, NamedRow(-3, "row 8")));
    }

    [Fact]
    public void A_key_that_others_committed_meanwhile_fails_the_commit_and_leaves_no_files()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.Open(disk);
        TableEntry table = CreateNamed(engine);
        using (StorageTransaction loader = engine.Begin())
        {
            BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
            Insert(engine, table, NamedRow(-1, "row 77"));
            Assert.Throws<ConstraintException>(() => loader.Commit(Durability.Full));
        }

        Assert.Equal(["-1|row 77"], Scan(engine, table));
        Assert.Equal(0, BulkFixture.SegmentCount(disk));
    }

    [Fact]
    public void Two_transactions_that_load_at_once_exclude_each_other_only_by_keys()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.OpenWithThreads(disk);
        TableEntry table = CreateNamed(engine);
        using StorageTransaction first = engine.Begin();
        using StorageTransaction second = engine.Begin();
        using StorageTransaction third = engine.Begin();
        BulkFixture.Load(first, table, 1, BulkFixture.RowCount);
        BulkFixture.Load(second, table, 100_001, BulkFixture.RowCount);
        BulkFixture.Load(third, table, 20_000, BulkFixture.RowCount);
        second.Commit(Durability.Full);
        first.Commit(Durability.Full);
        Assert.Throws<ConstraintException>(() => third.Commit(Durability.Full));

        Assert.Equal(2 * BulkFixture.RowCount, Scan(engine, table).Length);
        Assert.Equal(8, BulkFixture.SegmentCount(disk));
    }
}
