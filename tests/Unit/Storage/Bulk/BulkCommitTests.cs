using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class BulkCommitTests
{
    [Fact]
    public void Rows_in_segments_are_there_after_the_commit_and_after_reopening()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            Insert(engine, table, NamedRow(-1, "first"));
            long logBytes = engine.Statistics().LogBytes;
            BulkFixture.LoadAndCommit(engine, table);
            Assert.InRange(engine.Statistics().LogBytes - logBytes, 1, 10_000);
            Insert(engine, table, NamedRow(-2, "last"));
            before = Dump(engine);
            Assert.Equal(BulkFixture.RowCount + 3, before.Length);
            Assert.Equal(4, BulkFixture.SegmentCount(disk));
        }

        using StorageEngine again = BulkFixture.Open(disk);
        Assert.Equal(before, Dump(again));
        Assert.Equal(BulkFixture.RowCount + 2, again.Statistics().RowCount);
        Assert.Equal(4, BulkFixture.SegmentCount(disk));
        using StorageTransaction reader = again.Begin();
        Assert.True(reader.Catalog.TryGetTable("named", out TableEntry found));
        Assert.Equal(BulkFixture.RowCount + 1, reader.TakeIdentity(found, 1));
        Assert.Throws<ConstraintException>(
            () => Insert(again, found, NamedRow(-3, "row 29000")));
        Insert(again, found, NamedRow(-3, "new"));
    }

    [Fact]
    public void A_table_made_by_the_same_transaction_takes_segments()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            using StorageTransaction transaction = engine.Begin();
            TableEntry table = transaction.CreateTable(Named);
            BulkFixture.Load(transaction, table, 1, BulkFixture.RowCount);
            transaction.Commit(Durability.Full);
            before = Dump(engine);
        }

        using StorageEngine again = BulkFixture.Open(disk);
        Assert.Equal(BulkFixture.RowCount + 1, before.Length);
        Assert.Equal(before, Dump(again));
    }

    [Fact]
    public void Only_snapshots_after_the_commit_see_the_rows()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.Open(disk);
        TableEntry table = CreateNamed(engine);
        using StorageTransaction loader = engine.Begin();
        BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
        Assert.Empty(Scan(engine, table));
        using StorageTransaction old = engine.Begin();
        loader.Commit(Durability.Full);

        Assert.Empty(Scan(old, table));
        Assert.False(old.Open(table).TryFind(0, [Value.Of(5)], out _));
        Assert.Equal(BulkFixture.RowCount, Scan(engine, table).Length);
    }

    [Fact]
    public void A_commit_that_waits_is_hidden_though_its_layout_is_installed()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.Open(disk);
        TableEntry table = CreateNamed(engine);
        using StorageTransaction loader = engine.Begin();
        BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
        ValueTask commit = loader.CommitAsync(Durability.Group);
        Assert.False(commit.IsCompleted);
        using (StorageTransaction reader = engine.Begin())
        {
            Assert.Empty(Scan(reader, table));
            Assert.False(reader.Open(table).TryFind(0, [Value.Of(5)], out _));
        }

        Insert(engine, table, NamedRow(-1, "pushes"));
        Assert.True(commit.IsCompletedSuccessfully);
        Assert.Equal(BulkFixture.RowCount + 1, Scan(engine, table).Length);
    }

    [Fact]
    public void Rows_deleted_by_the_same_transaction_are_dead_from_the_beginning()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            using (StorageTransaction loader = engine.Begin())
            {
                BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
                Delete(loader, table, 7);
                Delete(loader, table, 5000);
                Rename(loader, table, 6000, "renamed");
                Delete(loader, table, BulkFixture.RowCount);
                loader.Commit(Durability.Full);
            }

            before = Dump(engine);
            Assert.Equal(BulkFixture.RowCount - 2, before.Length);
            Assert.Contains("6000|renamed", before);
            engine.Checkpoint(isFull: false, CancellationToken.None);
            Assert.Equal(before, Dump(engine));
        }

        using StorageEngine again = BulkFixture.Open(disk);
        Assert.Equal(before, Dump(again));
        Assert.Equal(0, again.Recovery.TransactionCount);
    }

    [Fact]
    public void Dead_rows_of_a_segment_come_back_dead_from_the_log()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            Insert(engine, table, NamedRows(100_001, 10));
            using (StorageTransaction loader = engine.Begin())
            {
                BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
                Delete(loader, table, 7);
                Delete(loader, table, 100_005);
                loader.Commit(Durability.Full);
            }

            using (StorageTransaction later = engine.Begin())
            {
                Delete(later, table, 8);
                Rename(later, table, 9, "nine");
                later.Commit(Durability.Full);
            }

            before = Dump(engine);
        }

        using StorageEngine again = BulkFixture.Open(disk);
        Assert.Equal(before, Dump(again));
        Assert.Equal(BulkFixture.RowCount + 7, again.Statistics().RowCount);
    }

    [Fact]
    public void A_transaction_of_many_log_parts_and_segments_of_two_tables_comes_back()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        TableSchema other = Named with { Name = "other" };
        string[] before;
        using (StorageEngine engine = BulkFixture.OpenWithThreads(disk))
        {
            using StorageTransaction transaction = engine.Begin();
            TableEntry first = transaction.CreateTable(Named);
            TableEntry second = transaction.CreateTable(other);
            BulkFixture.Load(transaction, first, 1, BulkFixture.RowCount);
            transaction.Insert(
                second, Batch(other, [Value.Of(1), Value.Of(new string('x', 5 << 20))]));
            BulkFixture.Load(transaction, second, 2, BulkFixture.RowCount);
            BulkFixture.Load(transaction, first, 50_000, 3000);
            transaction.Commit(Durability.Full);
            before = Dump(engine);
        }

        using StorageEngine again = BulkFixture.Open(disk);
        Assert.Equal(before, Dump(again));
    }

    [Fact]
    public void An_encrypted_database_encrypts_the_segments_of_a_transaction()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageOptions options = BulkFixture.Options with { Key = EncryptionFixture.Key() };
        string[] before;
        using (var engine = StorageEngine.Open(Seams(disk), Root, options))
        {
            TableEntry table = CreateNamed(engine);
            BulkFixture.LoadAndCommit(engine, table);
            before = Dump(engine);
        }

        foreach (string path in disk.List(Path.Combine(Root, "seg")))
        {
            Assert.True(disk.Bytes(path).IndexOf("row 1"u8) < 0);
        }

        using var again = StorageEngine.Open(Seams(disk), Root, options);
        Assert.Equal(before, Dump(again));
    }
}
