namespace NeuroDb.Tests.Unit;

/// <summary>A session is told how far its trainings are.</summary>
public sealed class ModelProgressTests
{
    [Fact]
    public void Each_pass_is_reported_on_the_thread_that_trains()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        var seen = new Collector();
        session.ModelProgress = seen;
        session.Execute("CREATE TABLE t AS SELECT i % 9 AS x, 100 * (i % 9) AS y "
            + "FROM generate_series(1, 200) g (i)");
        Assert.Empty(seen.Lines);
        session.Execute("CREATE MODEL m TYPE regressor PREDICT y USING mlp(8) SPLIT (train .8, "
            + "validation .2) WITH (epochs = 3) AS SELECT x, y FROM t");
        ModelProgress[] passes = [.. seen.Lines.Where(it => it.ValidationLoss is not null)];
        Assert.Equal([1, 2, 3], passes.Select(it => it.Epoch));
        Assert.All(passes, it => Assert.Equal(("m", 1, 3), (it.Model, it.Version, it.Epochs)));
        Assert.All(passes, it => Assert.Equal(it.RowsTotal, it.RowsDone));

        // Losses are of the unit of the column: squares of hundreds.
        Assert.InRange(passes[0].Loss, 1000, 1_000_000);
        session.ModelProgress = null;
        session.Execute("RETRAIN MODEL m KEEP");
        Assert.Equal(passes.Length, seen.Lines.Count(it => it.ValidationLoss is not null));
    }

    private sealed class Collector : IProgress<ModelProgress>
    {
        public List<ModelProgress> Lines { get; } = [];

        public void Report(ModelProgress value) => Lines.Add(value);
    }
}
