using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>An index whose recall is not what was promised any more.</summary>
public sealed class VectorDriftTests
{
    private const int Dimension = 16;

    private static readonly TableSchema Items = new()
    {
        Name = "items",
        Columns = [new ColumnSchema("vec", DataType.VectorOf(Dimension))],
    };

    [Fact]
    public void A_recall_that_was_measured_too_low_is_raised_by_the_next_build()
    {
        using StorageEngine engine = InMemory();
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = transaction.CreateTable(Items);
        transaction.Commit(Durability.Full);
        using StorageTransaction filler = engine.Begin();
        filler.Insert(table, Batch(Items, [.. Enumerable.Range(0, 4_096).Select(RowOf)]));
        IndexEntry entry = filler.CreateIndex(new IndexSchema
        {
            Id = 0,
            Name = "items_vec",
            TableId = table.Id,
            Kind = IndexKind.Vector,
            Columns = [new IndexColumn(0, false, false, "vector_l2_ops")],
            Options = [],
        });
        filler.Commit(Durability.Full);
        using StorageTransaction reader = engine.Begin();
        VectorIndex index = reader.VectorIndexOf(entry);
        index.Build(default);
        TableSnapshot snapshot = reader.Open(table);
        Assert.InRange(Recall(index, snapshot), 0.985, 1);

        index.Turn(snapshot, static _ => new VectorDial(0.1f, 1));
        double low = Recall(index, snapshot);
        Assert.InRange(low, 0, 0.97);
        index.Note(low);
        index.Build(default);
        Assert.InRange(Recall(index, snapshot), 0.98, 1);
    }

    [Fact]
    public void It_is_looked_at_again_when_a_fifth_of_the_rows_is_new()
    {
        var drift = new VectorDrift();
        Assert.False(IsDue(drift, 1_000));
        Assert.False(drift.Note(0.99, 0.99));
        Assert.True(drift.Note(0.9, 0.99));
        Assert.True(drift.IsDue(1_000));
    }

    private static bool IsDue(VectorDrift drift, long count) =>
        Enumerable.Range(0, 200).Any(_ => drift.IsDue(count));

    private static double Recall(VectorIndex index, TableSnapshot snapshot) =>
        VectorRecall.Measure(index, snapshot, 200, new InlineWorkers(), default).Recall;

    private static Value[] RowOf(int seed)
    {
        var random = new Random(seed);
        return [Value.Of(Enumerable.Range(0, Dimension)
            .Select(_ => (float)random.NextDouble()).ToArray().AsMemory())];
    }
}
