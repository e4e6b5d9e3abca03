using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Salvage of what no checkpoint has taken yet: segments that only the log names, and transactions
/// of which the log lost a piece.
/// </summary>
public sealed class SalvageLogTests
{
    private const string Target = "/new";
    private const int Count = BulkFixture.RowCount;

    [Theory]
    [InlineData("")]
    [InlineData("MANIFEST-1")]
    [InlineData("SUPER")]
    [InlineData("wal/watermark")]
    public void Segments_that_only_the_log_names_come_back(string missing)
    {
        MemoryFileSystem disk = Write(hasCheckpoint: true);
        string[] before = Dump(disk.Copy(), StorageFixture.Root);
        if (missing.Length > 0)
        {
            disk.Delete(Path.Combine(StorageFixture.Root, missing));
        }

        SalvageResult result = Run(disk);
        Assert.Equal(missing.Length == 0, result.Losses.Count == 0);
        Assert.Equal(before, Dump(disk, Target));
    }

    [Fact]
    public void Indexes_of_the_manifest_and_of_the_log_are_made_again()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (StorageEngine engine = IntegrityFixture.Open(disk))
        {
            TableEntry table = StorageFixture.CreateNamed(engine);
            StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 100));
            CreateIndex(engine, table, "first", isUnique: false);
            CreateIndex(engine, table, "second", isUnique: false);
            engine.Checkpoint(isFull: false, CancellationToken.None);
            CreateIndex(engine, table, "third", isUnique: true);
            using StorageTransaction transaction = engine.Begin();
            Assert.True(transaction.Catalog.TryGetIndex("first", out IndexEntry index));
            transaction.DropIndex(index);
            transaction.Commit(Durability.Full);
        }

        Assert.Empty(Run(disk).Losses);
        using StorageEngine salvaged = StorageEngine.Open(
            StorageFixture.Seams(disk), Target, StorageFixture.Options);
        using StorageTransaction reader = salvaged.Begin();
        Assert.Equal(
            ["second", "third"],
            reader.Catalog.Indexes.Select(static index => index.Schema.Name).Order());
    }

    [Fact]
    public void Damage_of_such_a_segment_loses_its_page_alone()
    {
        MemoryFileSystem disk = Write(hasCheckpoint: false);
        string[] before = Dump(disk.Copy(), StorageFixture.Root);
        string path = IntegrityFixture.Files(disk).First(DatabaseFiles.IsSegment);
        SegmentFile file = SegmentFile.OpenDamaged(
            disk, path, null, new BufferManager(0), out _);
        disk.Bytes(path)[(int)file.Directory.Extents[1].Offset] ^= 1;
        file.Dispose();
        SalvageResult result = Run(disk);
        string[] after = Dump(disk, Target);
        Assert.Equal(Limits.ChunkRowCount, before.Except(after).Count());
        Assert.Equal(
            Limits.ChunkRowCount, result.Tables.Single(
                static table => table.Table == "named_incomplete").RowCount);
    }

    [Fact]
    public void A_missing_segment_of_the_log_is_listed_with_its_rows()
    {
        MemoryFileSystem disk = Write(hasCheckpoint: false);
        string[] before = Dump(disk.Copy(), StorageFixture.Root);
        string path = IntegrityFixture.Files(disk).First(DatabaseFiles.IsSegment);
        SegmentFile file = SegmentFile.OpenDamaged(
            disk, path, null, new BufferManager(0), out _);
        long rows = file.RowCount;
        file.Dispose();
        disk.Delete(path);
        SalvageResult result = Run(disk);
        SalvageLoss loss = Assert.Single(result.Losses, static loss => loss.FirstRow >= 0);
        Assert.Equal(rows, loss.LastRow - loss.FirstRow + 1);

        // One of them was replaced before it was ever committed.
        Assert.Equal(rows - 1, before.Except(Dump(disk, Target)).Count());
    }

    [Fact]
    public void A_segment_whose_commit_is_lost_goes_into_a_table_of_its_own()
    {
        MemoryFileSystem disk = Write(hasCheckpoint: false);
        string[] before = Dump(disk.Copy(), StorageFixture.Root);
        Span<byte> log = disk.Bytes("/db/wal/log.0");
        log.Slice(FrameAt(log, 2), 4096).Clear();
        SalvageResult result = Run(disk);
        (string Table, long RowCount)[] others =
            [.. result.Tables.Where(static table => table.Table != "named")];
        Assert.NotEmpty(others);
        Assert.All(
            others, static table => Assert.StartsWith("named_unconfirmed", table.Table));
        string[] after = Dump(disk, Target);
        Assert.NotEmpty(after);
        Assert.Equal(["7|row 7"], after.Except(before));
        Assert.Empty(before.Except(
            after.Concat(others.SelectMany(table => Rows(disk, table.Table)))));
    }

    [Fact]
    public void Nothing_that_was_never_committed_comes_back_from_a_whole_log()
    {
        MemoryFileSystem disk = new(keepsJournal: false);
        using (StorageEngine engine = BulkFixture.Open(disk))
        {
            TableEntry table = StorageFixture.CreateNamed(engine);
            using StorageTransaction open = engine.Begin();
            BulkFixture.Load(open, table, 1, Count);
            disk = disk.Copy();
        }

        Assert.Contains(IntegrityFixture.Files(disk), DatabaseFiles.IsSegment);
        SalvageResult result = Run(disk);
        Assert.Empty(Dump(disk, Target));
        Assert.Equal(["named"], result.Tables.Select(static table => table.Table));
    }

    [Fact]
    public void The_first_parts_of_a_transaction_count_where_a_later_one_is_lost()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageOptions options = BulkFixture.Options with { BulkStartSizeBytes = long.MaxValue };
        using (StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk), StorageFixture.Root, options))
        {
            TableEntry plain;
            using (StorageTransaction transaction = engine.Begin())
            {
                plain = transaction.CreateTable(IntegrityFixture.Plain);
                transaction.Commit(Durability.Full);
            }

            using (StorageTransaction transaction = engine.Begin())
            {
                transaction.Insert(plain, IntegrityFixture.PlainRows(1, 300_000));
                transaction.Commit(Durability.Full);
            }

            StorageFixture.Insert(engine, plain, IntegrityFixture.PlainRows(300_001, 10));
        }

        string[] before = Dump(disk.Copy(), StorageFixture.Root);
        disk.Bytes("/db/wal/log.5").Slice(500_000, 512).Clear();
        SalvageResult result = Run(disk);
        string[] after = Dump(disk, Target);
        Assert.NotEmpty(result.Losses);
        Assert.InRange(after.Length, 150_000, before.Length - 1);
        Assert.Empty(after.Except(before));
        Assert.Contains(after, static row => row.EndsWith("text 300010", StringComparison.Ordinal));
    }

    private static MemoryFileSystem Write(bool hasCheckpoint)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = BulkFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 100));
        if (hasCheckpoint)
        {
            engine.Checkpoint(isFull: false, CancellationToken.None);
        }

        using (StorageTransaction transaction = engine.Begin())
        {
            StorageFixture.Delete(transaction, table, 7);
            BulkFixture.Load(transaction, table, 101, Count);
            StorageFixture.Rename(transaction, table, 5000, "renamed");
            transaction.Commit(Durability.Full);
        }

        using (StorageTransaction transaction = engine.Begin())
        {
            StorageFixture.Delete(transaction, table, 9000);
            StorageFixture.Rename(transaction, table, 9001, "later");
            transaction.Commit(Durability.Full);
        }

        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(90_000, 5));
        return disk;
    }

    private static void CreateIndex(
        StorageEngine engine, TableEntry table, string name, bool isUnique)
    {
        using StorageTransaction transaction = engine.Begin();
        transaction.CreateIndex(new IndexSchema
        {
            Id = 1,
            Name = name,
            TableId = table.Id,
            Kind = IndexKind.Learned,
            IsUnique = isUnique,
            Columns = [new IndexColumn(1, false, false)],
        });
        transaction.Commit(Durability.Full);
    }

    // Where a frame of the log begins, counted from 0; of a log of one file.
    private static int FrameAt(ReadOnlySpan<byte> log, int number)
    {
        int at = (int)LogFormat.FirstAddress;
        for (int i = 0; i < number; i++)
        {
            at += LogFormat.BlockCount(FrameHeader.Read(log[at..]).PayloadLength)
                * LogFormat.BlockSizeBytes;
        }

        return at;
    }

    private static SalvageResult Run(MemoryFileSystem disk) => DatabaseSalvage.Run(
        StorageFixture.Seams(disk), StorageFixture.Root, Target, StorageFixture.Options, default);

    private static string[] Dump(MemoryFileSystem disk, string root)
    {
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk), root, StorageFixture.Options);
        using StorageTransaction transaction = engine.Begin();
        return StorageFixture.Scan(
            transaction,
            transaction.Catalog.Tables.First(static table => table.Schema.Name.Length == 5));
    }

    private static string[] Rows(MemoryFileSystem disk, string name)
    {
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk), Target, StorageFixture.Options);
        using StorageTransaction transaction = engine.Begin();
        Assert.True(transaction.Catalog.TryGetTable(name, out TableEntry table));
        return StorageFixture.Scan(transaction, table);
    }
}
