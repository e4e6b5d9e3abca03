using NeuroDb.Neural;
using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// What predict gives is what the model gives; how it is planned; and that a query sees one version
/// while others come.
/// </summary>
public sealed class PredictionTests
{
    private const string Table =
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x DOUBLE, s TEXT, kind TEXT)";

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private const string Create =
        "CREATE MODEL m TYPE classifier PREDICT kind TRANSFORM (standard_scale(x), one_hot(s)) "
        + "USING mlp(16) WITH (epochs = 2) AS SELECT x, s, kind FROM t LIMIT 500";

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Rows_are_told_what_the_model_says(int threads)
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine, 20_000);
        Run(session, $"SET threads = {threads}");
        (string?[] expected, float[] probabilities) = Expected(engine);
        RowBatch all = Rows(
            session, "SELECT predict(m USING *), predict_proba(m, 'b' USING *) FROM t ORDER BY id");
        Assert.Equal(expected.Length, all.Count);
        int nulls = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            bool isNull = expected[i] is null;
            nulls += isNull ? 1 : 0;
            Assert.Equal(isNull, all.Columns[0].IsNull(i));
            Assert.Equal(isNull, all.Columns[1].IsNull(i));
            if (!isNull)
            {
                Assert.Equal(expected[i], all.Columns[0].GetValue(i).AsText());
                Assert.Equal(probabilities[i], all.Columns[1].GetValue(i).AsDouble(), 1e-6);
            }
        }

        Assert.InRange(nulls, 1, 1000);
    }

    [Fact]
    public void The_cheap_conditions_come_first_and_one_operator_asks_for_all()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine, 1000);
        string[] plan = Texts(
            session,
            "EXPLAIN SELECT id, predict(m USING *), predict_proba(m, 'a' USING *) FROM t "
            + "WHERE predict(m USING *) = 'a' AND s = 'p' AND predict_proba(m, 'b' USING *) < .4 "
            + "AND x > 0");
        int predict = Array.FindIndex(plan, IsPrediction);
        Assert.Equal(predict, Array.FindLastIndex(plan, IsPrediction));
        Assert.Contains("m@1 using x, s", plan[predict], StringComparison.Ordinal);
        Assert.Contains(" rows", plan[predict], StringComparison.Ordinal);
        Assert.Contains("classifier", plan[predict + 1], StringComparison.Ordinal);
        Assert.Contains("on the cpu", plan[predict + 1], StringComparison.Ordinal);
        Assert.Contains("(s = 'p') AND (x > 0)", plan[^1], StringComparison.Ordinal);
        Assert.Equal(
            2, plan[..predict].Count(line => line.Contains("filter:", StringComparison.Ordinal)));
        static bool IsPrediction(string line) =>
            line.TrimStart().StartsWith("predict:", StringComparison.Ordinal);
    }

    [Fact]
    public void Only_rows_that_pass_the_other_conditions_are_predicted()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine, 1000);
        string[] plan = Texts(
            session,
            "EXPLAIN ANALYZE SELECT count(*) FROM t WHERE predict(m USING *) <> '' AND id <= 10");
        Assert.Contains(plan, line =>
            line.TrimStart().StartsWith("predict:", StringComparison.Ordinal)
            && line.Contains("actual 10 rows", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("few", true)]
    [InlineData("many", false)]
    public void A_join_comes_first_where_it_leaves_fewer_rows(string table, bool isJoinFirst)
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine, 1000);
        Run(session, "CREATE TABLE few (id INTEGER); INSERT INTO few VALUES (3), (4)");
        Run(
            session,
            "CREATE TABLE many (id INTEGER); "
            + "INSERT INTO many SELECT v % 1000 FROM generate_series(1, 9000) AS g(v)");
        string query = $"FROM t JOIN {table} j ON t.id = j.id WHERE predict(m USING t.*) <> ''";
        string[] plan = Texts(session, $"EXPLAIN SELECT count(*) {query}");
        int predict = Array.FindIndex(plan, line => line.Contains("predict:", Ordinal));
        int join = Array.FindIndex(plan, line => line.Contains("join", Ordinal));
        Assert.True(predict >= 0 && join >= 0 && predict < join == isJoinFirst);
        Assert.Equal(
            Texts(
                session,
                $"SELECT (count(*) - count_if(t.x IS NULL))::TEXT FROM t JOIN {table} j "
                + "ON t.id = j.id"),
            Texts(session, $"SELECT count(*)::TEXT {query}"));
    }

    [Fact]
    public void A_branch_that_is_not_taken_asks_nothing()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine, 100);
        Run(session, "CREATE TABLE p (pic BLOB); INSERT INTO p VALUES (X'00')");
        string[] plan = Texts(
            session, "EXPLAIN SELECT CASE WHEN x > 1e9 THEN predict(m USING *) END FROM t");
        Assert.DoesNotContain(plan, line =>
            line.TrimStart().StartsWith("predict:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_sees_one_version_while_models_are_trained_again()
    {
        using QueryEngine engine = Open();
        using QuerySession session = engine.OpenSession();
        Run(session, "CREATE TABLE n (x DOUBLE, y DOUBLE)");
        Run(session, "INSERT INTO n SELECT v, v + 1000 FROM generate_series(1, 5000) AS g(v)");
        Run(session, "CREATE MODEL line PREDICT y USING linear AS SELECT x, y FROM n");
        using var stop = new CancellationTokenSource();
        var trainer = Task.Run(() =>
        {
            using QuerySession other = engine.OpenSession();
            try
            {
                for (int i = 2; i <= 6; i++)
                {
                    Run(other, $"RETRAIN MODEL line KEEP AS SELECT x, x + {i * 1000} AS y FROM n");
                    Run(other, $"ALTER MODEL line SET LIVE VERSION {i}");
                }
            }
            finally
            {
                stop.Cancel();
            }
        });
        var seen = new SortedSet<double>();
        do
        {
            RowBatch rows = Rows(
                session,
                "SELECT round(min(predict(line USING *) - x)), "
                + "round(max(predict(line USING *) - x)) FROM n");
            double least = rows.Columns[0].GetValue(0).AsDouble();
            Assert.Equal(least, rows.Columns[1].GetValue(0).AsDouble());
            seen.Add(least);
        }
        while (!stop.IsCancellationRequested);

        await trainer;
        Assert.Subset(new HashSet<double> { 1000, 2000, 3000, 4000, 5000, 6000 }, seen);
        Assert.Equal(
            "6000", Texts(session, "SELECT round(predict(line USING 0))::BIGINT::TEXT")[0]);
    }

    [Fact]
    public void A_transaction_predicts_with_the_version_of_its_snapshot()
    {
        using QueryEngine engine = Open();
        using QuerySession session = engine.OpenSession();
        Run(session, "CREATE TABLE n (x DOUBLE, y DOUBLE); INSERT INTO n VALUES (1, 2), (2, 3)");
        Run(session, "INSERT INTO n SELECT v, v + 1 FROM generate_series(3, 40) AS g(v)");
        Run(session, "CREATE MODEL line PREDICT y USING linear AS SELECT x, y FROM n");
        using QuerySession other = engine.OpenSession();
        Run(session, "BEGIN");
        const string Ask = "SELECT round(predict(line USING 10))::BIGINT::TEXT";
        Assert.Equal("11", Texts(session, Ask)[0]);
        Run(other, "RETRAIN MODEL line KEEP AS SELECT x, x + 5 AS y FROM n");
        Run(other, "ALTER MODEL line SET LIVE VERSION 2; DROP MODEL line VERSION 1");
        Assert.Equal("15", Texts(other, Ask)[0]);
        Assert.Equal("11", Texts(session, Ask)[0]);
        Run(session, "COMMIT");
        Assert.Equal("15", Texts(session, Ask)[0]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(999)]
    [InlineData(5000)]
    public void Kept_errors_hold_at_least_the_level_that_is_asked_for(int count)
    {
        var random = new Random(count);
        float[] outputs = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        float[] targets = [.. outputs.Select(it => it + random.NextSingle() - 0.5f)];
        IReadOnlyList<double> errors = PredictionIntervals.ErrorsOf(outputs, targets);
        Assert.InRange(errors.Count, 1, 999);
        foreach (double level in (double[])[0.5, 0.8, 0.9])
        {
            double reach = errors[(int)Math.Ceiling((errors.Count + 1) * level) - 1];
            int inside = outputs.Zip(targets).Count(
                pair => Math.Abs((double)pair.First - pair.Second) <= reach);
            Assert.InRange(inside / (double)count, level, level + 0.06);
        }
    }

    private static QueryEngine Open() =>
        QueryEngine.Open(SystemSeams.Real(), null, new QueryEngineOptions());

    private static QuerySession Filled(QueryEngine engine, int rows)
    {
        QuerySession session = engine.OpenSession();
        Run(session, Table);
        Run(
            session,
            "INSERT INTO t SELECT v, CASE WHEN v % 97 = 0 THEN NULL ELSE sin(v) END, "
            + "CASE v % 3 WHEN 0 THEN 'p' WHEN 1 THEN 'q' END, "
            + $"CASE WHEN sin(v) > 0 THEN 'a' ELSE 'b' END FROM generate_series(1, {rows}) g(v)");
        Run(session, Create);
        return session;
    }

    /// <summary>The answers by the parts of the model, row after row.</summary>
    private static (string?[] Labels, float[] Probabilities) Expected(QueryEngine engine)
    {
        using StorageTransaction transaction = engine.Storage.Begin();
        var name = new ModelNameSyntax(
            new NameSyntax([new IdentifierSyntax("m", false)]), ModelVersionChoice.Live);
        ModelVersion version = engine.Models.Load(
            "m", ModelLookup.Find(name, transaction.Catalog), transaction);
        using QuerySession session = engine.OpenSession();
        RowBatch rows = Rows(session, "SELECT x, s FROM t ORDER BY id");
        var raw = new RawRows(version.Pipeline.Columns, 1) { Count = 1 };
        var labels = new string?[rows.Count];
        var probabilities = new float[rows.Count];
        var features = new float[version.Model.FeatureCount];
        var outputs = new float[2];
        var isUsable = new bool[1];
        for (int i = 0; i < rows.Count; i++)
        {
            raw.Numbers[0][0] = rows.Columns[0].IsNull(i)
                ? double.NaN : rows.Columns[0].GetValue(i).AsDouble();
            raw.Texts[1][0] = rows.Columns[1].IsNull(i)
                ? null : rows.Columns[1].GetValue(i).AsText();
            if (version.Pipeline.Apply(raw, features, isUsable) == 1)
            {
                version.Model.Predict(features, 1, outputs);
                labels[i] = version.Labels[outputs[1] > outputs[0] ? 1 : 0];
                probabilities[i] = outputs[1];
            }
        }

        return (labels, probabilities);
    }

    private static void Run(QuerySession session, string sql) => Rows(session, sql);

    private static string[] Texts(QuerySession session, string sql)
    {
        RowBatch rows = Rows(session, sql);
        return [.. Enumerable.Range(0, rows.Count).Select(
            row => rows.Columns[0].GetValue(row).AsText())];
    }

    private static RowBatch Rows(QuerySession session, string sql)
    {
        RowBatch rows = new([], 0);
        foreach (PreparedStatement statement in session.Prepare(sql))
        {
            using StatementResult result = session.Execute(statement, []);
            ColumnBuilder[] builders =
                [.. result.Columns.Select(column => ColumnBuilder.Create(column.Type, 16))];
            int count = 0;
            while (result.Next() is { } batch)
            {
                for (int row = 0; row < batch.Count; row++, count++)
                {
                    for (int i = 0; i < builders.Length; i++)
                    {
                        builders[i].Append(batch.Columns[i].GetValue(row));
                    }
                }
            }

            rows = new RowBatch([.. builders.Select(builder => builder.Build())], count);
        }

        return rows;
    }
}
