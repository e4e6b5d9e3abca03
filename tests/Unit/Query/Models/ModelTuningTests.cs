namespace NeuroDb.Tests.Unit;

/// <summary>TUNE MODEL: searches that repeat themselves and never look at test rows.</summary>
public sealed class ModelTuningTests
{
    [Fact]
    public void A_grid_tries_everything_and_the_best_becomes_live()
    {
        using QueryFixture database = Open();
        string[] rows = database.Rows(
            "TUNE MODEL m SEARCH grid (learning_rate IN (.05, .0001), architecture IN "
            + "('mlp(8)', 'logistic')) WITHIN 600 SECONDS METRIC f1_macro");
        Assert.Equal(4, rows.Length);
        Assert.StartsWith("m|2|true|", rows[0], StringComparison.Ordinal);
        Assert.Contains("learning_rate=.05", rows[0], StringComparison.Ordinal);
        Assert.Equal("2", database.Line("SELECT live_version FROM neuro.models"));
        Assert.Equal("1|f1_macro 2|f1_macro 3|f1_macro 4|f1_macro", database.Line(
            "SELECT number, metric FROM ml.trial_info(MODEL m) ORDER BY 1"));
        Assert.Equal("4", database.Line("SELECT count(*) FROM neuro.trials"));
        // Training and the best one look at the test rows once each; trials do not.
        Assert.Equal("2", database.Line("SELECT sum(test_uses) FROM neuro.model_versions"));
        database.Rows("ROLLBACK MODEL m; DROP MODEL m VERSION 2");
        Assert.Equal("0", database.Line("SELECT count(*) FROM neuro.trials"));
    }

    [Fact]
    public void A_search_of_one_seed_gives_the_same_trials_and_weights()
    {
        string Search()
        {
            using QueryFixture database = Open();
            database.Rows(
                "TUNE MODEL m SEARCH random (learning_rate IN (.1, .03, .01), batch_size IN "
                + "(16, 64)) METRIC accuracy WITH (seed = 7)");
            return database.Line("SELECT options, value FROM neuro.trials")
                + database.Line("SELECT weight_hash FROM neuro.model_versions");
        }

        Assert.Equal(Search(), Search());
    }

    [Fact]
    public void Halving_gives_much_training_to_few()
    {
        using QueryFixture database = Open();
        database.Rows(
            "TUNE MODEL m SEARCH halving (learning_rate IN (.1, .03, .01, .001, .0001, .00001), "
            + "batch_size IN (16, 32, 64)) METRIC accuracy");
        Assert.Equal("1|18 2|6 6|2 18|1", database.Line(
            "SELECT epochs, count(*) FROM neuro.trials GROUP BY epochs ORDER BY 1"));
    }

    [Fact]
    public void A_limit_that_is_over_keeps_the_best_so_far()
    {
        using QueryFixture database = Open();
        string values = string.Join(", ", Enumerable.Range(1, 3000).Select(i => $"{i}"));
        string[] rows = database.Rows(
            $"TUNE MODEL m SEARCH random (seed IN ({values})) WITHIN 1 SECONDS METRIC accuracy");
        Assert.InRange(rows.Length, 1, 2999);
        Assert.StartsWith("m|2|", rows[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SEARCH grid (learning_rat IN (.1)) METRIC accuracy", "learning_rate")]
    [InlineData("SEARCH grid (learning_rate IN (-1)) METRIC accuracy", "learning_rate")]
    [InlineData("SEARCH grid (learning_rate IN (.1)) METRIC f1", "f1_macro")]
    [InlineData("SEARCH bayes (learning_rate IN (.1)) METRIC accuracy", "halving")]
    [InlineData("SEARCH grid METRIC accuracy", "something to try")]
    public void What_cannot_be_tried_is_said_before_anything_is_trained(
        string search, string said)
    {
        using QueryFixture database = Open();
        Assert.Contains(said, database.Error($"TUNE MODEL m {search}").Message);
        Assert.Equal("1", database.Line("SELECT count(*) FROM neuro.model_versions"));
    }

    private static QueryFixture Open() => new(
        "CREATE TABLE t AS SELECT n % 10 * 1.0 AS x, n % 7 * 1.0 AS z, CASE WHEN n % 10 + n % 7 "
        + "> 7 THEN 'a' ELSE 'b' END AS label FROM generate_series(1, 700) AS s (n)",
        "CREATE MODEL m PREDICT label USING mlp(4) SPLIT (train .6, validation .2, test .2) WITH "
        + "(epochs = 18, early_stopping = 0, learning_rate = .0001) AS "
        + "SELECT x, z, label FROM t");
}
