using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.LargeValueFixture;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>How long the file of a large value stays.</summary>
public sealed class LargeValueLifeTests
{
    private const int Size = 100_000;

    [Fact]
    public void A_deleted_value_goes_with_the_next_checkpoint()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        Create(engine);
        Insert(engine, 1, Size);
        Insert(engine, 2, Size);
        Checkpoint(engine);
        Delete(engine, 1);
        Assert.Equal(2, FileCount(disk));
        Checkpoint(engine);
        Assert.Equal(1, FileCount(disk));
        Assert.Equal([2], Sizes(engine).Keys);
    }

    [Fact]
    public void A_reader_keeps_the_values_that_it_sees_and_no_others()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        TableEntry table = Create(engine);
        Insert(engine, 1, Size);
        Checkpoint(engine);
        using (StorageTransaction reader = engine.Begin())
        {
            TableSnapshot snapshot = reader.Open(table);
            Delete(engine, 1);
            Checkpoint(engine);
            Insert(engine, 2, Size);
            Checkpoint(engine);
            Assert.Equal(2, FileCount(disk));
            Delete(engine, 2);
            Checkpoint(engine);
            Checkpoint(engine);
            Assert.Equal(1, FileCount(disk));
            Assert.Equal([1], Sizes(snapshot).Keys);
        }

        Checkpoint(engine);
        Assert.Equal(0, FileCount(disk));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_value_above_the_limit_is_refused_and_leaves_nothing(int more, bool fits)
    {
        Assert.Equal(2_147_483_648, Limits.LargeValueSizeBytesMax);
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        Create(engine);
        engine.LargeValues!.SizeBytesMax = Size;
        NeuroStoreException? error = Record.Exception(
            () => Insert(engine, 1, Size + more)) as NeuroStoreException;
        Assert.Equal(fits ? null : ErrorCode.ResourceLimit, error?.Code);
        Assert.Equal(fits ? 1 : 0, FileCount(disk));
        Assert.Equal(fits ? 1 : 0, Sizes(engine).Count);
    }

    [Fact]
    public void A_restore_to_the_past_brings_the_values_of_that_time()
    {
        var disk = new MemoryFileSystem();
        StorageOptions options = Options with
        {
            RetainLog = new LogRetention { SizeBytes = long.MaxValue },
        };
        using (StorageEngine engine = StorageEngine.Open(Seams(disk), Root, options))
        {
            Create(engine);
            Insert(engine, 1, Size);
            Checkpoint(engine);
            Insert(engine, 2, Size);
            Delete(engine, 1);
            Checkpoint(engine, isFull: true);
            Insert(engine, 3, Size);
            Delete(engine, 2);
            Checkpoint(engine, isFull: true);
        }

        int[][] states = [[1], [1, 2], [2], [2, 3], [3]];
        for (int i = 0; i < states.Length; i++)
        {
            string target = $"/restored{i}";
            DatabaseRestore.Run(
                Seams(disk), Root, Root, target, new RestorePoint(2 + i, 0), options, default);
            using StorageEngine copy = StorageEngine.Open(Seams(disk), target, Options);
            Assert.Equal(states[i], Sizes(copy).Keys.Order());
            Assert.Empty(copy.Verify(isQuick: false, CancellationToken.None));
        }
    }

    [Fact]
    public void A_dropped_table_takes_its_values_along()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = Open(disk))
        {
            TableEntry table = Create(engine);
            Insert(engine, 1, Size);
            Checkpoint(engine);
            Insert(engine, 2, Size);
            using StorageTransaction transaction = engine.Begin();
            transaction.DropTable(table);
            transaction.Commit(Durability.Full);
        }

        using StorageEngine again = Open(disk);
        Checkpoint(again);
        Assert.Equal(0, FileCount(disk));
    }

    [Fact]
    public void Values_survive_openings_checkpoints_and_compaction()
    {
        var disk = new MemoryFileSystem();
        var expected = new Dictionary<int, int>();
        for (int round = 0; round < 6; round++)
        {
            using StorageEngine engine = Open(disk);
            if (round == 0)
            {
                Create(engine);
            }

            Assert.Equal(expected, Sizes(engine));
            for (int i = 0; i < 4; i++)
            {
                int id = (round * 10) + i;
                expected[id] = i == 3 ? 100 : 65_536 + id;
                Insert(engine, id, expected[id], new string('n', i * 40_000));
            }

            if (round > 0)
            {
                Delete(engine, ((round - 1) * 10) + 1);
                expected.Remove(((round - 1) * 10) + 1);
            }

            if (round % 2 == 1)
            {
                Checkpoint(engine, isFull: round == 3);
            }

            Assert.Equal(
                expected.OrderBy(static pair => pair.Key),
                Sizes(engine).OrderBy(static pair => pair.Key));
        }

        using StorageEngine last = Open(disk);
        Checkpoint(last, isFull: true);
        Assert.Empty(last.Verify(isQuick: false, CancellationToken.None));

        // Per round two notes are large, one of them with the row that is gone.
        int blobs = expected.Count(static pair => pair.Value >= 65_536);
        int notes = expected.Keys.Count(static id => id % 10 >= 2);
        Assert.Equal(blobs + notes, FileCount(disk));
    }

    [Fact]
    public void A_backup_takes_the_values_and_a_later_one_only_the_new()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = Open(disk))
        {
            Create(engine);
            Insert(engine, 1, Size);
            Checkpoint(engine);
            Insert(engine, 2, Size);
            engine.BackUp("/backup", isCompact: false, CancellationToken.None);
            Delete(engine, 1);
            Insert(engine, 3, Size);
            Checkpoint(engine);
            BackupSummary summary = engine.BackUp(
                "/backup", isCompact: false, CancellationToken.None);
            Assert.True(summary.CopiedSizeBytes < 2 * Size);
            engine.BackUp("/vacuumed", isCompact: true, CancellationToken.None);
        }

        foreach (string root in new[] { "/backup", "/vacuumed" })
        {
            Assert.Equal(2, FileCount(disk, root));
            using StorageEngine copy = StorageEngine.Open(Seams(disk), root, Options);
            Assert.Equal([2, 3], Sizes(copy).Keys.Order());
        }
    }

    [Fact]
    public void A_reader_of_another_process_sees_the_values_of_its_checkpoint()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        Create(engine);
        Insert(engine, 1, Size);
        Checkpoint(engine);
        using StorageEngine reader = StorageEngine.OpenReadOnly(Seams(disk), Root, Options);
        Assert.Equal(new Dictionary<int, int> { [1] = Size }, Sizes(reader));
        Delete(engine, 1);
        Checkpoint(engine);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(() => Sizes(reader));
        Assert.Equal(ErrorCode.InputOutput, error.Code);
        Assert.Contains("open it again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Salvage_copies_whole_values_and_names_the_lost_ones()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = Open(disk))
        {
            Create(engine);
            Insert(engine, 1, Size);
            Insert(engine, 2, Size);
            Checkpoint(engine);
            Insert(engine, 3, Size);
            Insert(engine, 4, Size);
        }

        string[] paths = [.. Paths(disk).OrderBy(
            static path => int.Parse(Path.GetFileName(path), null))];
        disk.Bytes(paths[0])[500] ^= 1;
        disk.Delete(paths[3]);
        SalvageResult result = DatabaseSalvage.Run(
            Seams(disk), Root, "/salvaged", Options, CancellationToken.None);
        using StorageEngine copy = StorageEngine.Open(Seams(disk), "/salvaged", Options);
        Assert.Equal([2, 3], Sizes(copy).Keys.Order());
        Assert.Contains(result.Losses, loss => loss.FilePath == paths[0]);
        Assert.Contains(result.Losses, loss => loss.FilePath == paths[3]);
        Assert.Contains(result.Tables, table => table.Table == "documents_incomplete");
    }

    [Fact]
    public void An_encrypted_database_shows_nothing_of_its_values()
    {
        var disk = new MemoryFileSystem();
        StorageOptions options = Options with { Key = EncryptionKey.FromBytes(new byte[32]) };
        const string Secret = "nobody else may read this sentence";
        using (StorageEngine engine = StorageEngine.Open(Seams(disk), Root, options))
        {
            Create(engine);
            Insert(engine, 1, Size, string.Concat(Enumerable.Repeat(Secret, 3000)));
        }

        Assert.Equal(2, FileCount(disk));
        foreach (string path in Paths(disk))
        {
            Assert.Equal(-1, disk.Bytes(path).IndexOf("nobody else"u8));
            Assert.Equal(-1, disk.Bytes(path).IndexOf(NumberStream.Bytes(16, 1)));
        }

        using (StorageEngine again = StorageEngine.Open(Seams(disk), Root, options))
        {
            Assert.Equal(new Dictionary<int, int> { [1] = Size }, Sizes(again));
            Assert.Empty(again.Verify(isQuick: false, CancellationToken.None));
        }

        string first = Paths(disk)[0];
        disk.Bytes(first)[70_000] ^= 1;
        using StorageEngine damaged = StorageEngine.Open(Seams(disk), Root, options);
        Assert.NotEmpty(damaged.Verify(isQuick: true, CancellationToken.None));
    }
}
