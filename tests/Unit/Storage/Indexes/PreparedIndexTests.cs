using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>What commits look into is made and read beside them, never by them.</summary>
public sealed class PreparedIndexTests
{
    private const int RowCount = 12_288;
    private const int Each = 1024;

    [Fact]
    public void A_checkpoint_prepares_what_the_rows_in_memory_were_looked_up_by()
    {
        using StorageEngine engine = Open(new MemoryFileSystem());
        TableEntry table = Fill(engine);
        engine.Checkpoint(isFull: false, CancellationToken.None);
        SegmentFile file = SegmentOf(table);
        Assert.True(RunOf(engine, table, file).TryGet(out _));
        Assert.NotNull(file.Key(0).Learned(lookups: 1));
        Refuse(engine, table, [0, 77, RowCount - 1]);
        Insert(engine, table, NamedRows(RowCount, 1));
    }

    [Fact]
    public void Commits_look_into_files_while_runs_are_read_beside_them()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine before = Open(disk))
        {
            Fill(before);
            before.Checkpoint(isFull: false, CancellationToken.None);
        }

        var workers = new DeferredWorkers();
        using StorageEngine engine = StorageEngine.Open(
            new SystemSeams(disk, new ManualClock(), new SeededRandomSource(9), workers),
            Root,
            StorageFixture.Options);
        try
        {
            TableEntry table = TableOf(engine);
            SegmentFile file = SegmentOf(table);
            int[] sought = [.. Enumerable.Range(0, 600).Select(i => i * 20)];
            Refuse(engine, table, sought);
            Assert.False(RunOf(engine, table, file).TryGet(out _));
            Assert.Null(file.Key(0).Learned(lookups: 1));
            workers.RunAll();
            Assert.True(RunOf(engine, table, file).TryGet(out _));
            Assert.NotNull(file.Key(0).Learned(lookups: 1));
            Refuse(engine, table, sought);
            Insert(engine, table, NamedRows(RowCount, 100));
        }
        finally
        {
            // The engine waits for what it has begun.
            workers.RunAll();
        }
    }

    private static TableEntry Fill(StorageEngine engine)
    {
        using (StorageTransaction create = engine.Begin())
        {
            TableEntry table = create.CreateTable(Words);
            create.CreateIndex(new IndexSchema
            {
                Id = 0,
                Name = "u",
                TableId = table.Id,
                Kind = IndexKind.Learned,
                IsUnique = true,
                Columns = [new IndexColumn(1, false, true)],
            });
            create.Commit(Durability.Full);
        }

        for (int row = 0; row < RowCount; row += Each)
        {
            Insert(engine, TableOf(engine), NamedRows(row, Each));
        }

        return TableOf(engine);
    }

    // By the index, since no row has that number, and by the key.
    private static void Refuse(StorageEngine engine, TableEntry table, int[] ids)
    {
        foreach (int id in ids)
        {
            using StorageTransaction change = engine.Begin();
            Assert.Throws<ConstraintException>(
                () => change.Insert(table, NamedRow(-1 - id, $"row {id}")));
            Assert.Throws<ConstraintException>(
                () => change.Insert(table, NamedRow(id, $"other {id}")));
        }
    }

    private static SegmentFile SegmentOf(TableEntry table) =>
        ((SealedRows)table.Rows.Layout.Parts[0]).File;

    private static SegmentIndex RunOf(StorageEngine engine, TableEntry table, SegmentFile file)
    {
        using StorageTransaction read = engine.Begin();
        bool isThere = read.Catalog.TryGetIndex("u", out IndexEntry entry);
        Assert.True(isThere);
        return file.Indexes.Of(LearnedIndex.Of(entry, table));
    }

    private static TableEntry TableOf(StorageEngine engine)
    {
        using StorageTransaction read = engine.Begin();
        bool isThere = read.Catalog.TryGetTable("words", out TableEntry table);
        Assert.True(isThere);
        return table;
    }
}
