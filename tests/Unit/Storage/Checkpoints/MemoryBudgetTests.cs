using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Rows in memory and what is kept of files stay within the budget.</summary>
public sealed class MemoryBudgetTests
{
    private const long BudgetBytes = 1 << 20;
    private const int RowCount = 21_000;
    private const int Dimension = 128;

    [Fact]
    public void A_table_ten_times_the_budget_is_loaded_scanned_and_searched_within_it()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        StorageOptions options = new() { MemoryBudgetBytes = BudgetBytes };
        using NeuroStore store = NeuroStore.Open("/budget", new NeuroStoreOptions
        {
            Seams = StorageFixture.Seams(disk),
            Storage = options,
            Accelerator = AcceleratorChoice.Cpu,
        });
        store.Execute($"CREATE TABLE big (id INTEGER PRIMARY KEY, v VECTOR({Dimension}))");
        using Session session = store.OpenSession();
        StorageEngine storage = session.Storage;
        long highest = 0;
        for (int first = 0; first < RowCount; first += 500)
        {
            session.Execute("BEGIN");
            for (int id = first; id < first + 500; id++)
            {
                session.Execute("INSERT INTO big VALUES (?, ?)", id, VectorOf(id));
            }

            session.Execute("COMMIT");
            highest = Math.Max(highest, Held(storage));
        }

        Assert.Equal(RowCount, session.QueryScalar<long>("SELECT count(*) FROM big"));
        for (int i = 0; i < 20; i++)
        {
            int id = i * 997 % RowCount;
            Assert.Equal(
                id,
                session.QueryScalar<long>(
                    "SELECT id FROM big ORDER BY l2_distance(v, ?) LIMIT 1",
                    VectorOf(id)));
            Assert.Equal(
                id, session.QueryScalar<long>("SELECT id FROM big WHERE id = ?", id));
            highest = Math.Max(highest, Held(storage));
        }

        Assert.True((long)RowCount * Dimension * sizeof(float) >= 10 * BudgetBytes);
        Assert.InRange(highest, 1, BudgetBytes);
    }

    [Fact]
    public void What_is_counted_of_rows_in_memory_is_given_back()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = StorageFixture.Open(disk);
        TableEntry table = StorageFixture.CreateNamed(engine);
        TableEntry other = Create(engine, "other");
        StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 20_000));
        StorageFixture.Insert(engine, other, StorageFixture.NamedRows(1, 20_000));
        long both = engine.Memory!.Value.DeltaBytes;
        Assert.InRange(both, 2 * 20_000 * 16, long.MaxValue);
        using (StorageTransaction reader = engine.Begin())
        {
            engine.Checkpoint(isFull: false, CancellationToken.None);
            Assert.InRange(engine.Memory!.Value.DeltaBytes, both, long.MaxValue);
            Assert.Equal(20_000, StorageFixture.Scan(reader, table).Length);
        }

        Assert.Equal(0, engine.Memory!.Value.DeltaBytes);
        StorageFixture.Insert(engine, other, StorageFixture.NamedRows(20_001, 20_000));
        using (StorageTransaction writer = engine.Begin())
        {
            writer.DropTable(other);
            writer.Commit(Durability.Full);
        }

        engine.Checkpoint(isFull: true, CancellationToken.None);
        Assert.Equal(0, engine.Memory!.Value.DeltaBytes);
    }

    [Fact]
    public void Rows_that_were_replayed_count_too()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (StorageEngine engine = StorageFixture.Open(disk))
        {
            TableEntry table = StorageFixture.CreateNamed(engine);
            StorageFixture.Insert(engine, table, StorageFixture.NamedRows(1, 20_000));
        }

        using StorageEngine reopened = StorageFixture.Open(disk);
        Assert.InRange(reopened.Memory!.Value.DeltaBytes, 20_000 * 16, long.MaxValue);
    }

    [Fact]
    public void The_budget_is_an_option_with_bounds_and_is_shown()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            static () => new NeuroStoreOptions { MemoryBudgetBytes = 1000 });
        using NeuroStore store = NeuroStore.OpenInMemory(
            new NeuroStoreOptions { MemoryBudgetBytes = 64L << 20 });
        Assert.Equal("67108864", store.QueryScalar<string>("PRAGMA memory_budget"));
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => store.Execute("SET memory_budget = 5"));
        Assert.Equal(ErrorCode.InvalidSetting, error.Code);
    }

    private static long Held(StorageEngine engine)
    {
        BufferStatistics now = engine.Memory!.Value;
        return now.CachedBytes + now.DeltaBytes;
    }

    private static TableEntry Create(StorageEngine engine, string name)
    {
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = transaction.CreateTable(StorageFixture.Named with { Name = name });
        transaction.Commit(Durability.Full);
        return table;
    }

    private static float[] VectorOf(int seed)
    {
        var random = new SeededRandomSource((ulong)seed + 1);
        var vector = new float[Dimension];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = (random.NextUInt64() % 2000 / 1000f) - 1;
        }

        return vector;
    }
}
