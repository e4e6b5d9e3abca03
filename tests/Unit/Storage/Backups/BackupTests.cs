using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Copies of an open database that are databases of their own.</summary>
public sealed class BackupTests
{
    private const string Target = "/backup";

    [Fact]
    public void A_backup_opens_as_a_database_with_the_rows_of_its_time()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = Fill(disk);
        string[] before = StorageFixture.Dump(engine);
        BackupSummary summary = Back(engine);
        Assert.Equal(summary.FileCount, summary.CopiedFileCount);
        Assert.Equal(engine.Statistics().CommitTimestamp, summary.LastCommit);
        Insert(engine, 5001);

        using StorageEngine copy = Open(disk);
        Assert.Equal(before, StorageFixture.Dump(copy));
        Insert(copy, 6001);
        Assert.Equal(5001, copy.Statistics().RowCount);
        Assert.Equal(5001, engine.Statistics().RowCount);
    }

    [Fact]
    public void A_later_backup_copies_only_what_is_new_and_removes_what_is_not_needed()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = Fill(disk);
        BackupSummary first = Back(engine);
        Insert(engine, 5001);
        BackupSummary second = Back(engine);
        Assert.InRange(second.CopiedSizeBytes, 1, first.SizeBytes / 2);

        using (StorageTransaction writer = engine.Begin())
        {
            for (int id = 1; id <= 4900; id++)
            {
                StorageFixture.Delete(writer, Table(engine), id);
            }

            writer.Commit(Durability.Full);
        }

        engine.Checkpoint(isFull: true, CancellationToken.None);
        BackupSummary third = Back(engine);
        Assert.InRange(third.SizeBytes, 1, first.SizeBytes / 2);
        Assert.Equal(0, Back(engine).CopiedFileCount);
        Assert.Equal(
            third.FileCount - 1, disk.List(Path.Combine(Target, "seg")).Count);
        using StorageEngine copy = Open(disk);
        Assert.Equal(StorageFixture.Dump(engine), StorageFixture.Dump(copy));
    }

    [Fact]
    public void A_backup_that_was_opened_and_not_changed_still_serves_the_next_one()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = Fill(disk);
        Back(engine);
        Open(disk).Dispose();
        Insert(engine, 5001);
        Back(engine);
        using StorageEngine copy = Open(disk);
        Assert.Equal(5001, copy.Statistics().RowCount);
    }

    [Fact]
    public void A_target_that_somebody_wrote_to_is_refused_and_stays()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = Fill(disk);
        Back(engine);
        using (StorageEngine copy = Open(disk))
        {
            Insert(copy, 6001);
        }

        Refuse(engine);
        using (StorageEngine copy = Open(disk))
        {
            copy.Checkpoint(isFull: false, CancellationToken.None);
        }

        Refuse(engine);
        using StorageEngine kept = Open(disk);
        Assert.Equal(5001, kept.Statistics().RowCount);
    }

    [Fact]
    public void Another_database_and_the_database_itself_are_refused()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = Fill(disk);
        StorageEngine.Open(
            StorageFixture.Seams(disk), Target, StorageFixture.Options).Dispose();
        Refuse(engine);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => engine.BackUp(StorageFixture.Root, false, CancellationToken.None));
        Assert.Equal(ErrorCode.DatabaseLocked, error.Code);
        Assert.Equal(5000, engine.Statistics().RowCount);
    }

    [Fact]
    public void A_cancelled_backup_leaves_the_earlier_one_and_the_next_goes_on()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = Fill(disk);
        Back(engine);
        Insert(engine, 5001);
        engine.Checkpoint(isFull: false, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => engine.BackUp(Target, false, cancellation.Token));
        using (StorageEngine copy = Open(disk))
        {
            Assert.Equal(5000, copy.Statistics().RowCount);
        }

        Back(engine);
        using StorageEngine after = Open(disk);
        Assert.Equal(5001, after.Statistics().RowCount);
    }

    [Fact]
    public void An_encrypted_backup_needs_the_same_key()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageOptions options = StorageFixture.Options with { Key = EncryptionFixture.Key() };
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk), StorageFixture.Root, options);
        StorageFixture.CreateNamed(engine);
        Insert(engine, 1);
        Back(engine);
        Insert(engine, 2);
        Back(engine);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(() => Open(disk));
        Assert.Equal(ErrorCode.KeyRequired, error.Code);
        using StorageEngine copy = StorageEngine.Open(
            StorageFixture.Seams(disk), Target, options);
        Assert.Equal(StorageFixture.Dump(engine), StorageFixture.Dump(copy));
    }

    [Fact]
    public void A_compacted_copy_needs_a_new_directory()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = Fill(disk);
        engine.BackUp(Target, isCompact: true, CancellationToken.None);
        using (StorageEngine copy = Open(disk))
        {
            Assert.Equal(StorageFixture.Dump(engine), StorageFixture.Dump(copy));
        }

        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => engine.BackUp(Target, isCompact: true, CancellationToken.None));
        Assert.Equal(ErrorCode.BackupRefused, error.Code);
    }

    [Fact]
    public void Statements_make_copies_too()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        var options = new NeuroStoreOptions { Seams = StorageFixture.Seams(disk) };
        using NeuroStore database = NeuroStore.Open("/copied", options);
        database.Execute(
            "CREATE TABLE backup (id INTEGER); INSERT INTO backup VALUES (1), (2);"
            + "BACKUP TO '/copied-1'; DELETE FROM backup WHERE id = 1; VACUUM INTO '/copied-2'");
        Assert.Equal(2, Count("/copied-1", options));
        Assert.Equal(1, Count("/copied-2", options));
        using NeuroStore memory = NeuroStore.OpenInMemory();
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => memory.Execute("BACKUP TO '/copied-3'"));
        Assert.Equal(ErrorCode.NotSupported, error.Code);
    }

    private static long Count(string path, NeuroStoreOptions options)
    {
        using NeuroStore copy = NeuroStore.Open(path, options with { IsReadOnly = true });
        return copy.QueryScalar<long>("SELECT count(*) FROM backup");
    }

    private static StorageEngine Fill(MemoryFileSystem disk)
    {
        StorageEngine engine = StorageFixture.Open(disk);
        StorageFixture.Insert(
            engine, StorageFixture.CreateNamed(engine), StorageFixture.NamedRows(1, 5000));
        return engine;
    }

    private static BackupSummary Back(StorageEngine engine) =>
        engine.BackUp(Target, isCompact: false, CancellationToken.None);

    private static void Refuse(StorageEngine engine)
    {
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(() => Back(engine));
        Assert.Equal(ErrorCode.BackupRefused, error.Code);
    }

    private static StorageEngine Open(MemoryFileSystem disk) => StorageEngine.Open(
        StorageFixture.Seams(disk), Target, StorageFixture.Options);

    private static void Insert(StorageEngine engine, int id) =>
        StorageFixture.Insert(engine, Table(engine), StorageFixture.NamedRow(id, $"new {id}"));

    private static TableEntry Table(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        Assert.True(transaction.Catalog.TryGetTable("named", out TableEntry table));
        return table;
    }
}
