using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class BulkRecoveryTests
{
    [Fact]
    public void Each_power_loss_leaves_all_rows_or_none_and_no_files_without_rows()
    {
        var disk = new MemoryFileSystem();
        string[] before;
        string[] after;
        int promised;
        int first;
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            Insert(engine, table, NamedRows(50_001, 3));
            before = Dump(engine);
            first = disk.OperationCount;
            using (StorageTransaction loader = engine.Begin())
            {
                BulkFixture.Load(loader, table, 1, 17_000);
                Delete(loader, table, 50_001);
                Delete(loader, table, 12);
                loader.Commit(Durability.Full);
            }

            promised = disk.OperationCount;
            after = Dump(engine);
        }

        for (int moment = first; moment <= disk.OperationCount; moment++)
        {
            for (ulong seed = 0; seed < 4; seed++)
            {
                Check(disk.AfterPowerLoss(moment, seed), moment >= promised, before, after);
            }

            Check(disk.AfterKill(moment), moment >= promised, before, after);
        }
    }

    [Fact]
    public void A_disk_that_fails_at_any_moment_fails_the_transaction_or_keeps_it()
    {
        bool isComplete = false;
        for (int step = 0; !isComplete; step++)
        {
            var disk = new MemoryFileSystem();
            string[] before;
            using (StorageEngine engine = BulkFixture.Open(disk))
            {
                TableEntry table = CreateNamed(engine);
                before = Dump(engine);
                disk.FailFrom = disk.OperationCount + step;
                isComplete = TryLoad(engine, table);
                disk.FailFrom = int.MaxValue;
            }

            using StorageEngine again = BulkFixture.Open(disk);
            string[] found = Dump(again);
            bool isThere = found.Length == 10_001;
            Assert.True(isThere || (!isComplete && Same(found, before)));
            Assert.Equal(isThere ? 1 : 0, BulkFixture.SegmentCount(disk));
        }
    }

    [Fact]
    public void A_database_goes_on_after_the_disk_was_full_for_a_while()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.Open(disk);
        TableEntry table = CreateNamed(engine);
        using (StorageTransaction loader = engine.Begin())
        {
            loader.Insert(table, NamedRow(-1, "kept"));
            int savepoint = loader.Savepoint();
            disk.FailFrom = disk.OperationCount + 3;
            NeuroStoreException error = Assert.Throws<NeuroStoreException>(
                () => BulkFixture.Load(loader, table, 1, BulkFixture.RowCount));
            Assert.Equal(ErrorCode.InputOutput, error.Code);
            disk.FailFrom = int.MaxValue;
            loader.RollbackTo(savepoint);
            BulkFixture.Load(loader, table, 1, BulkFixture.RowCount);
            loader.Commit(Durability.Full);
        }

        Assert.Equal(BulkFixture.RowCount + 1, Scan(engine, table).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_segment_that_is_missing_or_another_is_damage(bool isMissing)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            BulkFixture.LoadAndCommit(engine, table);
        }

        string path = Path.Combine(Root, "seg", "2.seg");
        if (isMissing)
        {
            disk.Delete(path);
        }
        else
        {
            disk.Bytes(path)[^1] ^= 1;
        }

        CorruptionException error =
            Assert.Throws<CorruptionException>(() => BulkFixture.Open(disk));
        Assert.Equal(path, error.FilePath);
    }

    [Fact]
    public void A_checkpoint_takes_segments_over_without_writing_them_again()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            BulkFixture.LoadAndCommit(engine, table, count: 8192 * 3);
            engine.Checkpoint(isFull: false, CancellationToken.None);
            Assert.Equal(3, BulkFixture.SegmentCount(disk));
            Assert.True(disk.FileExists(Path.Combine(Root, "seg", "1.seg")));
            before = Dump(engine);
        }

        using StorageEngine again = BulkFixture.Open(disk);
        Assert.Equal(before, Dump(again));
        Assert.Equal(0, again.Recovery.TransactionCount);
    }

    [Fact]
    public void A_checkpoint_leaves_the_segments_of_running_transactions_alone()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            Insert(engine, table, NamedRows(50_001, 10));
            using (StorageTransaction loader = engine.Begin())
            {
                BulkFixture.Load(loader, table, 1, 20_000);
                engine.Checkpoint(isFull: true, CancellationToken.None);
                string[] own = Scan(loader, table);
                BulkFixture.Load(loader, table, 20_001, 10_000);
                engine.Checkpoint(isFull: true, CancellationToken.None);
                Assert.Equal(20_010, own.Length);
                loader.Commit(Durability.Full);
            }

            before = Dump(engine);
            Assert.Equal(BulkFixture.RowCount + 11, before.Length);
        }

        using (StorageEngine again = BulkFixture.Open(disk))
        {
            Assert.Equal(before, Dump(again));
            again.Checkpoint(isFull: true, CancellationToken.None);
            Assert.Equal(1, BulkFixture.SegmentCount(disk));
            Assert.Equal(before, Dump(again));
        }
    }

    [Fact]
    public void Segments_of_a_dropped_table_stay_as_long_as_the_log_names_them()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            BulkFixture.LoadAndCommit(engine, table);
            using StorageTransaction writer = engine.Begin();
            writer.DropTable(table);
            writer.Commit(Durability.Full);
        }

        using (StorageEngine again = BulkFixture.Open(disk))
        {
            Assert.Empty(Dump(again));
            Assert.Equal(4, BulkFixture.SegmentCount(disk));
        }

        using StorageEngine last = BulkFixture.Open(disk);
        last.Checkpoint(isFull: false, CancellationToken.None);
        Assert.Equal(0, BulkFixture.SegmentCount(disk));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Verifying_looks_into_segments_that_only_the_log_names(bool isQuick)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string path = Path.Combine(Root, "seg", "2.seg");
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            BulkFixture.LoadAndCommit(engine, table);
            Assert.Empty(engine.Verify(isQuick, CancellationToken.None));
            disk.Bytes(path)[5000] ^= 1;
            Assert.All(
                engine.Verify(isQuick, CancellationToken.None),
                finding => Assert.Equal(path, finding.FilePath));
            disk.Bytes(path)[5000] ^= 1;
        }

        Assert.Empty(Verify(disk, isQuick));
        disk.Bytes(path)[5000] ^= 1;
        Assert.All(Verify(disk, isQuick), finding => Assert.Equal(path, finding.FilePath));
        Assert.NotEmpty(Verify(disk, isQuick));
    }

    private static IReadOnlyList<IntegrityFinding> Verify(MemoryFileSystem disk, bool isQuick) =>
        DirectoryVerifier.Verify(Seams(disk), Root, null, isQuick, CancellationToken.None);

    private static void Check(
        MemoryFileSystem image, bool isPromised, string[] before, string[] after)
    {
        using StorageEngine engine = BulkFixture.Open(image);
        string[] found = Dump(engine);
        bool isAfter = Same(found, after);
        Assert.True(isAfter || (!isPromised && Same(found, before)));
        Assert.Equal(isAfter ? 2 : 0, BulkFixture.SegmentCount(image));
    }

    private static bool TryLoad(StorageEngine engine, TableEntry table)
    {
        try
        {
            BulkFixture.LoadAndCommit(engine, table, count: 10_000);
            return true;
        }
        catch (NeuroStoreException)
        {
            return false;
        }
    }

    private static bool Same(string[] found, string[] expected) =>
        found.AsSpan().SequenceEqual(expected);
}
