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
        using StorageEngine engine = Open(workers, out TableEntry table, out _);

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

    [Fact]
    public void Chunks_that_wait_to_be_sorted_are_read_in_order_and_sorted_at_last_by_who_reads()
    {
        const int Chunks = 20;
        var workers = new DeferredWorkers();
        using StorageEngine engine = Open(
            workers, out TableEntry table, out IndexEntry index);

        try
        {
            bool hasWaited = false;
            for (int chunk = 0; chunk < Chunks; chunk++)
            {
                Insert(
                    engine, table, NamedRows(chunk * Limits.ChunkRowCount, Limits.ChunkRowCount));
                DeltaIndexView view = table.Rows.Layout.Active.Indexes.All[0].Index.Cover(1);
                hasWaited |= view is { Runs.Length: 0, Waiting.Length: 10 };
                if (view.Waiting.Length == 10)
                {
                    CheckOrder(engine, table, index, (chunk + 1) * Limits.ChunkRowCount);
                }
            }

            Assert.True(hasWaited);
            Assert.NotEmpty(table.Rows.Layout.Active.Indexes.All[0].Index.Cover(1).Runs);
            CheckOrder(engine, table, index, Chunks * Limits.ChunkRowCount);
        }
        finally
        {
            workers.RunAll();
        }

        CheckOrder(engine, table, index, Chunks * Limits.ChunkRowCount);
    }

    private static StorageEngine Open(
        DeferredWorkers workers, out TableEntry table, out IndexEntry index)
    {
        StorageEngine engine = StorageEngine.OpenInMemory(
            new SystemSeams(
                new MemoryFileSystem(), new ManualClock(), new SeededRandomSource(7), workers),
            StorageFixture.Options);
        using StorageTransaction create = engine.Begin();
        table = create.CreateTable(Words);
        index = create.CreateIndex(Unique(table));
        create.Commit(Durability.Full);
        return engine;
    }

    private static void CheckOrder(
        StorageEngine engine, TableEntry table, IndexEntry index, int count)
    {
        using StorageTransaction transaction = engine.Begin();
        TableSnapshot snapshot = transaction.Open(table);
        IndexReader reader = snapshot.Range(
            index, IndexBounds.All, isOrdered: true, isDescending: false);
        var places = new RowPlace[1024];
        string last = "";
        int seen = 0;
        int read;
        while ((read = reader.Read(places)) > 0)
        {
            foreach (RowPlace place in places.AsSpan(0, read))
            {
                string name = snapshot.StoreOf(place, 1).ValueAt(place.Row).AsText();
                Assert.True(string.CompareOrdinal(last, name) < 0);
                last = name;
                seen++;
            }
        }

        Assert.Equal(count, seen);
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
