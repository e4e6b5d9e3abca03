using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The definitions of indexes: transactions, log, checkpoint and conflicts.</summary>
public sealed class IndexCatalogTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Definitions_are_the_same_after_opening_again(bool hasCheckpoint)
    {
        var disk = new MemoryFileSystem();
        IndexSchema written;
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            TableEntry table = Create(engine);
            written = CreateIndex(engine, Definition(table, "i"));
            CreateIndex(engine, Definition(table, "gone"));
            using StorageTransaction change = engine.Begin();
            change.Catalog.TryGetIndex("gone", out IndexEntry gone);
            change.DropIndex(gone);
            change.Catalog.TryGetIndex("i", out IndexEntry entry);
            change.RenameIndex(entry, "renamed");
            change.Commit(Durability.Full);
            if (hasCheckpoint)
            {
                engine.Checkpoint(isFull: false, CancellationToken.None);
            }
        }

        using StorageEngine again = StorageFixture.Open(disk);
        using StorageTransaction read = again.Begin();
        IndexEntry found = Assert.Single(read.Catalog.Indexes);
        Assert.Equal("renamed", found.Schema.Name);
        Assert.Equal(written.Id, found.Schema.Id);
        Assert.Equal(written.Columns, found.Schema.Columns);
        Assert.Equal(written.Options, found.Schema.Options);
        Assert.Equal(IndexKind.Learned, found.Schema.Kind);
        read.Catalog.TryGetTable("named", out TableEntry owner);
        Assert.Same(found, Assert.Single(read.Catalog.IndexesOf(owner)));
    }

    [Fact]
    public void Numbers_of_dropped_indexes_never_come_back()
    {
        var disk = new MemoryFileSystem();
        int first;
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            TableEntry table = Create(engine);
            first = CreateIndex(engine, Definition(table, "i")).Id;
            using StorageTransaction drop = engine.Begin();
            drop.Catalog.TryGetIndex("i", out IndexEntry entry);
            drop.DropIndex(entry);
            drop.Commit(Durability.Full);
        }

        using StorageEngine again = StorageFixture.Open(disk);
        using StorageTransaction read = again.Begin();
        read.Catalog.TryGetTable("named", out TableEntry owner);
        Assert.True(CreateIndex(again, Definition(owner, "i")).Id > first);
    }

    [Fact]
    public void An_index_goes_with_its_table()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            TableEntry table = Create(engine);
            CreateIndex(engine, Definition(table, "i"));
            using StorageTransaction drop = engine.Begin();
            drop.DropTable(table);
            Assert.Empty(drop.Catalog.Indexes);
            drop.Commit(Durability.Full);
        }

        using StorageEngine again = StorageFixture.Open(disk);
        using StorageTransaction read = again.Begin();
        Assert.Empty(read.Catalog.Indexes);
        Assert.Empty(read.Catalog.Tables);
    }

    [Fact]
    public void A_rollback_to_a_savepoint_takes_indexes_back()
    {
        using StorageEngine engine = StorageFixture.InMemory();
        TableEntry table = Create(engine);
        using StorageTransaction change = engine.Begin();
        int savepoint = change.Savepoint();
        change.CreateIndex(Definition(table, "i"));
        change.RollbackTo(savepoint);
        Assert.Empty(change.Catalog.Indexes);
        change.Commit(Durability.Full);
        using StorageTransaction read = engine.Begin();
        Assert.Empty(read.Catalog.Indexes);
    }

    [Fact]
    public void The_first_of_two_indexes_of_one_name_wins()
    {
        using StorageEngine engine = StorageFixture.InMemory();
        TableEntry table = Create(engine);
        using StorageTransaction first = engine.Begin();
        using StorageTransaction second = engine.Begin();
        first.CreateIndex(Definition(table, "i"));
        second.CreateIndex(Definition(table, "I"));
        first.Commit(Durability.Full);
        Assert.Throws<ConflictException>(() => second.Commit(Durability.Full));
    }

    [Fact]
    public void An_index_of_a_table_that_was_dropped_first_is_refused()
    {
        using StorageEngine engine = StorageFixture.InMemory();
        TableEntry table = Create(engine);
        using StorageTransaction create = engine.Begin();
        create.CreateIndex(Definition(table, "i"));
        using (StorageTransaction drop = engine.Begin())
        {
            drop.DropTable(table);
            drop.Commit(Durability.Full);
        }

        Assert.Throws<ConflictException>(() => create.Commit(Durability.Full));
    }

    private static TableEntry Create(StorageEngine engine)
    {
        using StorageTransaction create = engine.Begin();
        TableEntry table = create.CreateTable(StorageFixture.Named);
        create.Commit(Durability.Full);
        return table;
    }

    private static IndexSchema CreateIndex(StorageEngine engine, IndexSchema definition)
    {
        using StorageTransaction create = engine.Begin();
        IndexEntry index = create.CreateIndex(definition);
        create.Commit(Durability.Full);
        return index.Schema;
    }

    private static IndexSchema Definition(TableEntry table, string name) => new()
    {
        Id = 0,
        Name = name,
        TableId = table.Id,
        Kind = IndexKind.Learned,
        Columns =
        [
            new IndexColumn(1, IsDescending: true, NullsFirst: false, "text_pattern_ops"),
            new IndexColumn(0, IsDescending: false, NullsFirst: true),
        ],
        Options = [new IndexOption("error", "16"), new IndexOption("kind", "x")],
    };
}
