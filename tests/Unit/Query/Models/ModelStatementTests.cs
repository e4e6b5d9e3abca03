using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Models are trained, versioned and dropped by statements.</summary>
public sealed class ModelStatementTests
{
    private const string Line =
        "SELECT x, 3 * x + 2 AS y FROM (SELECT i / 10.0 AS x FROM generate_series(1, 400) g (i))";

    [Fact]
    public void A_regression_finds_a_line()
    {
        using var database = new QueryFixture();
        string row = database.Line(
            $"CREATE MODEL m PREDICT y USING linear AS {Line}");
        Assert.StartsWith("m|1|true|r2|1|", row, StringComparison.Ordinal);
        Assert.Equal(
            "regressor|y|1|1",
            database.Line("SELECT task, target, live_version, versions FROM neuro.models"));
    }

    [Fact]
    public void A_network_of_one_seed_has_the_same_weights_each_time()
    {
        using var database = new QueryFixture();
        database.Rows("CREATE TABLE t AS " + Line);
        string Hash(string name)
        {
            database.Rows($"CREATE MODEL {name} TYPE regressor PREDICT y USING mlp(16) SPLIT "
                + "(train .8, validation .1, test .1) WITH (epochs = 20, batch_size = 10, "
                + "learning_rate = .01) AS SELECT x, y FROM t");
            return database.Line(
                $"SELECT weight_hash FROM neuro.model_versions WHERE model = '{name}'");
        }

        Assert.Equal(Hash("a"), Hash("b"));
        Assert.True(
            double.Parse(
                database.Line("SELECT metric_value FROM neuro.model_versions WHERE model = 'a'"))
            > 0.99);
        Assert.Equal("20", database.Line(
            "SELECT count(*) FROM neuro.training_log WHERE model = 'a'"));
    }
}
