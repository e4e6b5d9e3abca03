using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Merges of the runs that commits look into.</summary>
public sealed class IndexMergeTests
{
    [Fact]
    public void Commits_under_a_unique_index_leave_sorts_and_merges_to_the_background()
    {
        const int Each = 1024;
        const int Chunks = 11;
        var workers = new DeferredWorkers();
        using StorageEngine engine = StorageEngine.OpenInMemory(
            new SystemSeams(
                new MemoryFileSystem(), new ManualClock(), new SeededRandomSource(7), workers),
            StorageFixture.Options);
        TableEntry table;
        using (StorageTransaction create = engine.Begin())
        {
            table = create.CreateTable(Words);
            create.CreateIndex(Unique(table));
            create.Commit(Durability.Full);
        }

        DeltaIndexView View() => table.Rows.Layout.Active.Indexes.All[0].Index.Cover(1);
        void Refuse(int id)
        {
            using StorageTransaction change = engine.Begin();
            Assert.Throws<ConstraintException>(
                () => change.Insert(table, NamedRow(-1, $"row {id}")));
        }

        try
        {
            for (int row = 0; row < Chunks * Limits.ChunkRowCount; row += Each)
            {
                Insert(engine, table, NamedRows(row, Each));
                Refuse(row);
                Refuse(row / 2);
            }

            Assert.Equal(Chunks, View().Waiting.Length);
            Assert.Empty(View().Runs);
            workers.RunAll();
            Assert.Empty(View().Waiting);
            Assert.InRange(View().Runs.Length, 1, 4);
            for (int row = 0; row < Chunks * Limits.ChunkRowCount; row += 997)
            {
                Refuse(row);
            }

            Insert(engine, table, NamedRows(Chunks * Limits.ChunkRowCount, Limits.ChunkRowCount));
            Refuse((Chunks * Limits.ChunkRowCount) + 5);
        }
        finally
        {
            // The engine waits for what it has begun.
            workers.RunAll();
        }
    }

    private static IndexSchema Unique(TableEntry table) => new()
    {
        Id = 0,
        Name = "u",
        TableId = table.Id,
        Kind = IndexKind.Learned,
        IsUnique = true,
        Columns = [new IndexColumn(1, false, true)],
    };
}
