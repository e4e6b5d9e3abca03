using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// When rows outside of the collector's heap give their memory back: not before the last reader has
/// ended, and no later.
/// </summary>
public sealed class ReleasedRowsTests
{
    private const int BatchCount = 3000;
    private const int RowCount = 4 * BatchCount;

    [Fact]
    public void Rows_in_memory_go_with_the_last_transaction_that_began_before_the_checkpoint()
    {
        using StorageEngine engine = Open(new MemoryFileSystem());
        TableEntry table = CreateNamed(engine);
        ColumnStore column = Fill(engine, table);
        StorageTransaction first = engine.Begin();
        StorageTransaction second = engine.Begin();
        engine.Checkpoint(isFull: false, CancellationToken.None);
        AssertFound(first, table);
        first.Dispose();
        AssertFound(second, table);
        Assert.Equal(Limits.ChunkRowCount, column.Capacity);
        second.Dispose();
        Assert.Equal(0, column.Capacity);
        Assert.Equal(RowCount, Scan(engine, table).Length);
    }

    [Fact]
    public void Without_readers_rows_go_with_the_checkpoint()
    {
        using StorageEngine engine = Open(new MemoryFileSystem());
        TableEntry table = CreateNamed(engine);
        ColumnStore column = Fill(engine, table);
        engine.Checkpoint(isFull: false, CancellationToken.None);
        Assert.Equal(0, column.Capacity);
    }

    [Fact]
    public void Rows_that_somebody_has_a_view_of_stay_for_him()
    {
        using StorageEngine engine = Open(new MemoryFileSystem());
        TableEntry table = CreateNamed(engine);
        ColumnStore column = Fill(engine, table);
        ColumnBuffer view;
        using (StorageTransaction reader = engine.Begin())
        {
            view = reader.Open(table).Slice(1).Column(0);
        }

        engine.Checkpoint(isFull: false, CancellationToken.None);
        Assert.Equal(Limits.ChunkRowCount, column.Capacity);
        Assert.Equal(Limits.ChunkRowCount + 1, view.GetValue(0).AsInt64());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_of_a_dropped_table_go_with_its_last_reader(bool isInMemory)
    {
        using StorageEngine engine = isInMemory ? InMemory() : Open(new MemoryFileSystem());
        TableEntry table = CreateNamed(engine);
        ColumnStore column = Fill(engine, table);
        StorageTransaction reader = engine.Begin();
        Drop(engine, table);
        AssertFound(reader, table);
        Assert.Equal(Limits.ChunkRowCount, column.Capacity);
        reader.Dispose();
        Assert.Equal(0, column.Capacity);
    }

    [Fact]
    public void A_checkpoint_keeps_the_rows_of_a_table_that_is_dropped_meanwhile()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        TableEntry table = CreateNamed(engine);
        ColumnStore column = Fill(engine, table);
        int left = 1;
        disk.CreateFails = _ =>
        {
            if (left-- == 1)
            {
                Drop(engine, table);
                Assert.Equal(Limits.ChunkRowCount, column.Capacity);
            }

            return false;
        };
        engine.Checkpoint(isFull: false, CancellationToken.None);
        Assert.True(left <= 0);
        Assert.Equal(0, column.Capacity);
    }

    [Fact]
    public void Closing_gives_rows_back_that_nobody_reads()
    {
        ColumnStore column;
        using (StorageEngine engine = InMemory())
        {
            column = Fill(engine, CreateNamed(engine));
        }

        Assert.Equal(0, column.Capacity);
    }

    [Fact]
    public void Closing_leaves_rows_to_transactions_that_were_not_ended()
    {
        ColumnStore column;
        StorageTransaction reader;
        using (StorageEngine engine = InMemory())
        {
            column = Fill(engine, CreateNamed(engine));
            reader = engine.Begin();
        }

        Assert.Equal(Limits.ChunkRowCount, column.Capacity);
        reader.Dispose();
    }

    [Fact]
    public void Runs_of_a_unique_index_go_when_they_are_merged_and_with_the_rows()
    {
        using StorageEngine engine = Open(new MemoryFileSystem());
        TableEntry table = CreateNamed(engine);
        using (StorageTransaction transaction = engine.Begin())
        {
            transaction.CreateIndex(new IndexSchema
            {
                Id = 0,
                Name = "by_id",
                TableId = table.Id,
                Kind = IndexKind.Learned,
                Columns = [new IndexColumn(0, IsDescending: false, NullsFirst: false)],
                IsUnique = true,
            });
            transaction.Commit(Durability.Full);
        }

        ColumnStore column = Fill(engine, table);
        RowDelta delta = table.Rows.Layout.Active;
        (_, DeltaIndex index) = delta.Indexes.All[0];
        StorageTransaction reader = engine.Begin();
        DeltaIndexView before = index.Cover(RowCount);
        for (int first = RowCount + 1; first <= 4 * RowCount; first += BatchCount)
        {
            Insert(engine, table, NamedRows(first, BatchCount));
        }

        DeltaIndexView after = index.Cover(4 * RowCount);
        IndexRun[] merged = [.. before.Runs.Except(after.Runs)];
        Assert.NotEmpty(merged);
        Assert.Equal([0, 1, 2], merged[0].Ordinals.Span[..3].ToArray());
        engine.Checkpoint(isFull: false, CancellationToken.None);
        Assert.All(merged, run => Assert.Equal(run.Count, run.Ordinals.Length));
        Assert.All(after.Runs, run => Assert.Equal(run.Count, run.Ordinals.Length));
        reader.Dispose();
        Assert.All(merged, run => Assert.Equal(0, run.Ordinals.Length));
        Assert.All(after.Runs, run => Assert.Equal(0, run.Ordinals.Length));
        Assert.Equal(0, column.Capacity);
        index.Build(engine.Begin(), CancellationToken.None);
    }

    [Fact]
    public void What_was_replaced_goes_once_when_no_older_generation_is_left()
    {
        var workers = new DeferredWorkers();
        var memory = new DeltaMemory(null, workers);
        var first = new CountedMemory(1);
        var second = new CountedMemory(1 << 30);
        Assert.False(memory.Replace(first, generation: 4));
        Assert.True(memory.Replace(second, generation: 5));
        Assert.False(memory.Replace(second, generation: 5));
        memory.Release(4);
        workers.RunAll();
        Assert.Equal((0, 0), (first.ReleaseCount, second.ReleaseCount));
        memory.Release(5);
        memory.Release(5);
        workers.RunAll();
        Assert.Equal((1, 0), (first.ReleaseCount, second.ReleaseCount));
        memory.BeginGeneration();
        memory.Release(6);
        workers.RunAll();
        Assert.Equal((1, 2), (first.ReleaseCount, second.ReleaseCount));
        Assert.True(memory.Replace(second, generation: 6));
    }

    [Fact]
    public void Memory_that_was_given_back_has_no_elements_and_is_not_lent()
    {
        var array = new NativeArray<long>(100, NativeRegion.InSmallPages);
        array.Release();
        array.Release();
        Assert.Equal(0, array.Length);
        Assert.True(array.Span.IsEmpty);
        Assert.Throws<NeuroStoreException>(() => array.First);
        Assert.Throws<NeuroStoreException>(array.Lend);
    }

    // Several commits, so that the second chunk lies outside of the collector's heap.
    private static ColumnStore Fill(StorageEngine engine, TableEntry table)
    {
        for (int first = 1; first <= RowCount; first += BatchCount)
        {
            Insert(engine, table, NamedRows(first, BatchCount));
        }

        return table.Rows.Layout.Active.ChunkAt(1).Columns[0];
    }

    private static void AssertFound(StorageTransaction transaction, TableEntry table)
    {
        TableSnapshot snapshot = transaction.Open(table);
        for (int id = 1; id <= RowCount; id += 7)
        {
            Assert.True(snapshot.TryFind(0, [Value.Of(id)], out RowAddress row));
            Assert.Equal(id - 1, row.RowId);
        }
    }

    private static void Drop(StorageEngine engine, TableEntry table)
    {
        using StorageTransaction transaction = engine.Begin();
        transaction.DropTable(table);
        transaction.Commit(Durability.None);
    }

    private sealed class CountedMemory(long sizeBytes) : INativeMemory
    {
        public long SizeBytes => sizeBytes;

        public int ReleaseCount { get; private set; }

        public void Release() => ReleaseCount++;
    }
}
