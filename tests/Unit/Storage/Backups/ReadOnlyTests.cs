using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Reading the last checkpoint of a database that somebody else writes to.</summary>
public sealed class ReadOnlyTests
{
    [Fact]
    public void A_reader_sees_the_last_checkpoint_while_another_engine_writes()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using NeuroStore writer = Open(disk, isReadOnly: false);
        writer.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)");
        writer.Execute("INSERT INTO t VALUES (1, 'one'), (2, 'two')");
        writer.Execute("CHECKPOINT");
        writer.Execute("INSERT INTO t VALUES (3, 'three')");
        using NeuroStore reader = Open(disk, isReadOnly: true);
        Assert.Equal(2, reader.QueryScalar<long>("SELECT count(*) FROM t"));

        writer.Execute("DELETE FROM t WHERE id < 3");
        writer.Execute("VACUUM");
        Assert.Equal("one", reader.QueryScalar<string>("SELECT name FROM t WHERE id = 1"));
        using NeuroStore later = Open(disk, isReadOnly: true);
        Assert.Equal("three", later.QueryScalar<string>("SELECT min(name) FROM t"));
        Assert.Equal(1, writer.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Theory]
    [InlineData("INSERT INTO t VALUES (9)")]
    [InlineData("UPDATE t SET id = 9")]
    [InlineData("DELETE FROM t")]
    [InlineData("CREATE TABLE u (a INTEGER)")]
    [InlineData("DROP TABLE t")]
    [InlineData("CHECKPOINT")]
    [InlineData("VACUUM")]
    [InlineData("VACUUM INTO '/copy'")]
    [InlineData("BACKUP TO '/copy'")]
    public void A_statement_that_writes_fails(string sql)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (NeuroStore writer = Open(disk, isReadOnly: false))
        {
            writer.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
            writer.Execute("CHECKPOINT");
        }

        int before = disk.OperationCount;
        using NeuroStore reader = Open(disk, isReadOnly: true);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => reader.Execute(sql));
        Assert.Equal(ErrorCode.ReadOnly, error.Code);
        Assert.Equal(1, reader.QueryScalar<long>("SELECT count(*) FROM t"));
        reader.Dispose();
        Assert.Equal(before, disk.OperationCount);
    }

    [Fact]
    public void A_directory_without_a_database_is_not_made_one()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => Open(disk, isReadOnly: true));
        Assert.Equal(ErrorCode.NotADatabase, error.Code);
        Assert.Equal(0, disk.OperationCount);
    }

    [Fact]
    public async Task Readers_open_while_a_writer_replaces_files_all_the_time()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine writer = StorageEngine.Open(
            StorageFixture.Threads(disk), StorageFixture.Root, StorageFixture.Options);
        TableEntry table = StorageFixture.CreateNamed(writer);
        StorageFixture.Insert(writer, table, StorageFixture.NamedRows(1, 100));
        writer.Checkpoint(isFull: true, CancellationToken.None);
        bool isOver = false;
        var work = Task.Run(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                using (StorageTransaction change = writer.Begin())
                {
                    StorageFixture.Delete(change, table, 1 + i);
                    change.Insert(table, StorageFixture.NamedRow(1000 + i, null));
                    change.Commit(Durability.Full);
                }

                writer.Checkpoint(isFull: true, CancellationToken.None);
            }

            Volatile.Write(ref isOver, true);
        });
        while (!Volatile.Read(ref isOver) && !work.IsFaulted)
        {
            using StorageEngine reader = StorageEngine.OpenReadOnly(
                StorageFixture.Threads(disk), StorageFixture.Root, StorageFixture.Options);
            Assert.Equal(101, StorageFixture.Dump(reader).Length);
        }

        await work;
    }

    private static NeuroStore Open(MemoryFileSystem disk, bool isReadOnly) => NeuroStore.Open(
        "/read-only",
        new NeuroStoreOptions { Seams = StorageFixture.Seams(disk), IsReadOnly = isReadOnly });
}
