using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Models are trained, versioned and dropped by statements.</summary>
public sealed class ModelStatementTests
{
    private const string Line =
        "SELECT x, 3 * x + 2 AS y FROM (SELECT i / 10.0 AS x FROM generate_series(1, 400) g (i))";

    [Fact]
    public void A_table_with_fewer_rows_than_words_have_numbers_is_told()
    {
        using var database = new QueryFixture(
            "CREATE TABLE said AS SELECT 'word ' || n AS body, n % 2 AS kind "
            + "FROM generate_series(1, 40) AS s (n)");
        foreach ((int rows, bool isTold) in ((int, bool)[])[(512, true), (16384, false)])
        {
            _ = database.Rows(
                "CREATE OR REPLACE MODEL m TYPE classifier PREDICT kind USING LAYERS "
                + $"(embedding({rows}, 4), lstm(4), dense(2)) TRANSFORM (words(body, 4)) "
                + "WITH (epochs = 1) AS SELECT body, kind FROM said");
            Assert.Equal(
                isTold,
                database.Session.LastNotices.Any(static notice => notice.Contains(
                    "Write embedding(16384, 4)", StringComparison.Ordinal)));
        }
    }

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

    [Fact]
    public void Rows_that_do_not_fit_into_memory_train_the_same_each_time()
    {
        using var database = new QueryFixture();
        database.Rows("CREATE TABLE t AS SELECT i % 97 / 97.0 AS x, i % 13 AS z, "
            + "2 * (i % 97 / 97.0) - i % 13 AS y FROM generate_series(1, 20000) g (i)");
        string Train(string options)
        {
            database.Rows("CREATE OR REPLACE MODEL m PREDICT y USING mlp(16) SPLIT "
                + $"(train .8, validation .1, test .1) WITH (epochs = 3, {options}) "
                + "AS SELECT x, z, y FROM t");
            return database.Line(
                "SELECT weight_hash, metric_value > .95, rows_train + rows_valid + rows_test "
                + "FROM neuro.model_versions");
        }

        string streamed = Train("max_memory = 0.1");
        Assert.EndsWith("|true|20000", streamed, StringComparison.Ordinal);
        Assert.Equal(streamed, Train("max_memory = 0.1"));
        string kept = Train("max_memory = 100");
        Assert.EndsWith("|true|20000", kept, StringComparison.Ordinal);
        database.Rows("SET threads = 1");
        Assert.Equal(kept, Train("max_memory = 100"));
        Assert.Equal(streamed, Train("max_memory = 0.1"));
    }

    [Theory]
    [InlineData("SPLIT (train .6, validation .2, test .2)")]
    [InlineData("SPLIT (train 60, validation 20, test 20) STRATIFY BY kind")]
    [InlineData("SPLIT (train .6, validation .2, test .2) ORDER BY id")]
    [InlineData("SPLIT (train .6, validation .2, test .2) GROUP BY g")]
    public void Rows_are_divided_by_shares(string split)
    {
        using var database = new QueryFixture();
        database.Rows("CREATE TABLE t AS SELECT i AS id, i % 211 AS g, i % 7 AS x, "
            + "CASE WHEN i % 7 > 2 THEN 'a' ELSE 'b' END AS kind "
            + "FROM generate_series(1, 4000) s (i)");
        string create = $"CREATE OR REPLACE MODEL m PREDICT kind USING logistic {split} "
            + "WITH (epochs = 2) AS SELECT id, g, x, kind FROM t";
        database.Rows(create);
        string[] rows = database.Line(
            "SELECT rows_train, rows_valid, rows_test, split_hash FROM neuro.model_versions")
            .Split('|');
        Assert.InRange(int.Parse(rows[0]), 2200, 2600);
        Assert.InRange(int.Parse(rows[1]), 650, 950);
        Assert.InRange(int.Parse(rows[2]), 650, 950);
        database.Rows(create.Replace("FROM t", "FROM t ORDER BY x, id DESC",
            StringComparison.Ordinal));
        Assert.Equal(rows[3], database.Line("SELECT split_hash FROM neuro.model_versions"));
    }

    [Fact]
    public void A_column_says_which_rows_test()
    {
        using var database = new QueryFixture();
        database.Rows("CREATE TABLE t AS SELECT i % 7 AS x, i % 7 > 2 AS big, CASE WHEN i <= 60 "
            + "THEN 'train' WHEN i <= 80 THEN 'test' WHEN i <= 90 THEN 'validation' END AS part "
            + "FROM generate_series(1, 100) g (i)");
        database.Rows("CREATE MODEL m PREDICT big USING decision_tree USING COLUMN part "
            + "AS SELECT * FROM t");
        Assert.Contains(
            database.Session.LastNotices,
            notice => notice.Contains("20 rows that judge are equal", StringComparison.Ordinal)
                || notice.Contains("30 rows that judge are equal", StringComparison.Ordinal));
        Assert.Equal("60|10|20|10|1|classifier", database.Line(
            "SELECT rows_train, rows_valid, rows_test, rows_rejected, metric_value, task "
            + "FROM neuro.model_versions v JOIN neuro.models m ON m.name = v.model"));
    }

    [Fact]
    public void Whole_numbers_and_truth_values_are_labels()
    {
        using var database = new QueryFixture();
        database.Rows("CREATE TABLE t AS SELECT i % 7 AS x, i % 3 AS n FROM "
            + "generate_series(1, 200) g (i)");
        database.Rows("CREATE MODEL m TYPE classifier PREDICT n USING random_forest(trees=5) "
            + "AS SELECT x, n FROM t");
        Assert.Equal("m|1|true|accuracy", string.Join(
            '|', database.Line("SELECT model, version, is_live, metric FROM neuro.model_versions")
                .Split('|')));
    }

    [Theory]
    [InlineData("TYPE cluster USING kmeans(3)", "mean_squared_distance")]
    [InlineData("TYPE anomaly USING isolation_forest(trees=10)", "NULL")]
    [InlineData("USING kmeans(2)", "mean_squared_distance")]
    public void Models_without_a_target_are_trained(string clauses, string metric)
    {
        using var database = new QueryFixture();
        database.Rows("CREATE TABLE t AS SELECT i % 3 * 100 + i % 5 AS x, i % 3 * 50 AS y FROM "
            + "generate_series(1, 300) g (i)");
        database.Rows($"CREATE MODEL m {clauses} AS SELECT x, y FROM t");
        Assert.Equal($"{metric}|300", database.Line(
            "SELECT metric, rows_train FROM neuro.model_versions"));
    }

    [Fact]
    public void Other_sessions_see_how_far_a_training_is()
    {
        using QueryEngine engine =
            QueryEngine.Open(SystemSeams.Real(), null, new QueryEngineOptions());
        using QuerySession session = engine.OpenSession();
        const string Sql = "SELECT model, epoch, loss, is_running FROM neuro.training_log";
        using (ModelTraining training = engine.Models.Begin("m", 2, TimeProvider.System))
        {
            training.Add(new Neural.TrainingProgress(
                1, 10, 0.5, null, null, 0.1, 100, 1, IsEpochEnd: true, IsBest: true));
            using StatementResult running = session.Execute(session.Prepare(Sql)[0], []);
            RowBatch batch = running.Next()!;
            Assert.Equal(1, batch.Count);
            Assert.Equal("m", batch.Columns[0].GetValue(0).AsText());
            Assert.True(batch.Columns[3].GetValue(0).AsBoolean());
        }

        using StatementResult over = session.Execute(session.Prepare(Sql)[0], []);
        Assert.Null(over.Next());
    }

    [Theory]
    [InlineData("VECTOR(2)")]
    [InlineData("HALFVEC(2)")]
    public void Vectors_of_any_kind_are_features(string type)
    {
        using var database = new QueryFixture($"CREATE TABLE t (v {type}, y DOUBLE)");
        for (int i = 0; i < 60; i++)
        {
            database.Rows($"INSERT INTO t VALUES ('[{i % 7},{i % 5}]', {(2 * (i % 7)) - (i % 5)})");
        }

        database.Rows("CREATE MODEL m PREDICT y USING linear SPLIT (train .8, test .2) "
            + "AS SELECT v, y FROM t");
        Assert.Equal("r2|1", database.Line(
            "SELECT metric, round(metric_value, 3) FROM neuro.model_versions"));
        Assert.Equal(ErrorCode.InvalidModel, database.Error(
            "CREATE MODEL n PREDICT y AS SELECT INTERVAL '1' DAY AS d, y FROM t").Code);
    }

    [Fact]
    public void Trees_are_stopped_by_the_limit_of_time_too()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT i % 97 AS x, i % 13 AS z, i % 7 AS y "
            + "FROM generate_series(1, 20000) g (i)",
            "SET statement_timeout = 200");
        NeuroStoreException error = database.Error(
            "CREATE MODEL m PREDICT y USING gbdt(trees=10000) AS SELECT x, z, y FROM t");
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        Assert.Contains("limit of 200 ms", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "i % 5000 AS u, (i * 7) % 997 AS item",
        "TYPE recommender USING two_tower(dim=64) SPLIT (LEAVE LAST 1) "
            + "WITH (feedback='implicit', user='u', item='item', epochs=10000)")]
    [InlineData(
        "'go to ' || i || ' now' AS line, 'O O PLACE O' AS tags",
        "TYPE tagger PREDICT tags USING crf WITH (epochs=10000, early_stopping=0)")]
    [InlineData(
        "i % 5000 AS a, (i * 7) % 4999 AS b",
        "TYPE graph_embedding USING node2vec(dim=64) "
            + "WITH (source='a', destination='b', epochs=10000)")]
    public void Trainings_of_other_types_stop_within_a_pass(string columns, string model)
    {
        using var database = new QueryFixture(
            $"CREATE TABLE t AS SELECT {columns} FROM generate_series(1, 100000) g (i)");
        string sql = $"CREATE MODEL m {model} AS SELECT * FROM t";
        using var cancellation = new CancellationTokenSource();
        PreparedStatement create = database.Session.Prepare(sql)[0];
        cancellation.CancelAfter(300);
        NeuroStoreException stopped = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Session.Execute(create, [], cancellation.Token));
        Assert.Equal(ErrorCode.Cancelled, stopped.Code);

        database.Rows("SET statement_timeout = 300");
        NeuroStoreException late = database.Error(sql);
        Assert.Equal(ErrorCode.Cancelled, late.Code);
        Assert.Contains("limit of 300 ms", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_steps_are_told_to_mean_nothing_to_trees()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT i % 97 AS x, i % 7 AS y FROM generate_series(1, 300) g (i)",
            "CREATE MODEL m TYPE regressor PREDICT y USING gbdt(trees=3) "
            + "WITH (epochs=5, loss='mae', seed=2) AS SELECT x, y FROM t");
        Assert.Contains(
            "gbdt is not trained by steps; no effect here: loss, epochs.",
            database.Session.LastNotices);
    }
}
