using NeuroDb.Query;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Versions of models come and go with transactions, and survive closing.</summary>
public sealed class ModelVersionTests
{
    private const string Create =
        "CREATE MODEL m TYPE classifier PREDICT kind USING mlp(64, 64) "
        + "SPLIT (train .7, validation .15, test .15) "
        + "WITH (epochs = 4, learning_rate = .01) AS SELECT x, y, kind FROM t";

    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public void A_model_is_rolled_back_with_its_transaction()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        Run(session, "BEGIN; " + Create);
        Assert.Equal("m|1", Text(session, "SELECT name, live_version FROM neuro.models"));
        Run(session, "ROLLBACK");
        Assert.Equal("0", Text(session, "SELECT count(*) FROM neuro.models"));
        Assert.Equal("0", Text(session, "SELECT count(*) FROM neuro.model_tensors"));
        Run(session, Create);
        Run(session, "BEGIN; DROP MODEL m; ROLLBACK");
        Assert.Equal("1", Text(session, "SELECT count(*) FROM neuro.models"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Models_are_there_after_opening_again(bool hasCheckpoint)
    {
        string before;
        using (QueryEngine engine = Open())
        {
            using QuerySession session = Filled(engine);
            Run(session, Create);
            Run(session, "RETRAIN MODEL m KEEP WITH (seed = 2)");
            if (hasCheckpoint)
            {
                engine.Storage.Checkpoint(isFull: true, default);
            }

            before = Answers(session);
        }

        using QueryEngine opened = Open();
        using QuerySession again = opened.OpenSession();
        Assert.Equal(before, Answers(again));
        using var transaction = opened.Storage.Begin();
        ModelDefinition model = ModelLookup.Find(
            new NameSyntax([new IdentifierSyntax("m", false)]), transaction.Catalog);
        foreach (ModelVersionInfo version in model.Versions)
        {
            ModelVersion loaded = opened.Models.Load("m", version, transaction);
            Assert.Equal(
                loaded.Facts.WeightHash,
                ((Neural.NetworkModel)loaded.Model).Network.HashOf(
                    ((Neural.NetworkModel)loaded.Model).Weights.ToArray()));
            Assert.Equal(["a", "b"], loaded.LabelValues.Select(it => it.AsText()));
        }

        Assert.Empty(opened.Storage.Verify(isQuick: false, default));
    }

    [Fact]
    public void Rollback_of_a_model_goes_back_and_never_forth()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        Run(session, Create);
        Run(session, "RETRAIN MODEL m KEEP; RETRAIN MODEL m KEEP WITH (epochs = 2)");
        Assert.Equal("1", Live(session));
        Run(session, "ALTER MODEL m SET LIVE VERSION 2; ALTER MODEL m SET LIVE VERSION 3");
        Assert.Equal("3", Live(session));
        Run(session, "ROLLBACK MODEL m");
        Assert.Equal("2", Live(session));
        Run(session, "ROLLBACK MODEL m");
        Assert.Equal("1", Live(session));
        Assert.Equal(
            ErrorCode.UnknownObject, Error(session, "ROLLBACK MODEL m").Code);
        Assert.Equal("1", Live(session));
    }

    [Fact]
    public void Dropping_versions_frees_their_weights()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        Run(session, Create);
        Run(session, "RETRAIN MODEL m KEEP WITH (seed = 5); RETRAIN MODEL m KEEP WITH (seed = 6)");
        Run(session, "ALTER MODEL m SET LIVE VERSION 3");
        Assert.Equal(3, CountOf(engine, "model weights"));
        NeuroStoreException live = Error(session, "DROP MODEL m VERSION 3");
        Assert.Equal(ErrorCode.DependentObjects, live.Code);
        NeuroStoreException none = Error(session, "DROP MODEL m VERSION 7");
        Assert.Contains("it has 1, 2, 3", none.Message, StringComparison.Ordinal);
        Run(session, "DROP MODEL m VERSION 2");
        Assert.Equal(2, CountOf(engine, "model weights"));
        Run(session, "DROP MODEL m VERSIONS BEFORE 3");
        Assert.Equal(1, CountOf(engine, "model weights"));
        Run(session, "DROP MODEL m");
        foreach (string table in (string[])["versions", "tensors", "weights", "training log",
            "evaluations"])
        {
            Assert.Equal(0, CountOf(engine, $"model {table}"));
        }

        Run(session, "DROP MODEL IF EXISTS m");
        Assert.Contains("nothing was dropped", session.LastNotices[0], StringComparison.Ordinal);
        Assert.Equal(ErrorCode.UnknownObject, Error(session, "DROP MODEL m").Code);
    }

    [Fact]
    public void Equal_tensors_are_stored_once()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        Run(session, Create);
        Run(session, Create.Replace("MODEL m", "MODEL n", StringComparison.Ordinal));
        Assert.Equal(1, CountOf(engine, "model weights"));
        Run(session, "DROP MODEL m");
        Assert.Equal(1, CountOf(engine, "model weights"));
        Run(session, "RETRAIN MODEL n WARM START FREEZE 1 TO 2 KEEP");
        Assert.Equal("1", Text(
            session,
            "SELECT count(DISTINCT sha256) FROM neuro.model_tensors "
            + "WHERE layer LIKE '0.%weights'"));
        Run(session, "DROP MODEL n");
        Assert.Equal(0, CountOf(engine, "model weights"));
    }

    [Fact]
    public void A_worse_version_does_not_become_live()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        Run(session, Create.Replace("epochs = 4", "epochs = 40", StringComparison.Ordinal));
        Run(session, "RETRAIN MODEL m WITH (epochs = 1, learning_rate = 0.00001)");
        Assert.Contains(
            session.LastNotices,
            notice => notice.Contains("the live version stays", StringComparison.Ordinal));
        Assert.Equal("1", Live(session));
        Run(session, "CREATE OR REPLACE MODEL m TYPE classifier PREDICT kind USING mlp(64, 64) "
            + "SPLIT (train .7, validation .15, test .15) WITH (epochs = 1, "
            + "learning_rate = 0.00001) AS SELECT x, y, kind FROM t");
        Run(session, "RETRAIN MODEL m WITH (epochs = 40, learning_rate = .01)");
        Assert.Equal("2", Live(session));
    }

    [Fact]
    public void Training_sees_its_snapshot_while_others_write()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        using QuerySession writer = engine.OpenSession();
        Run(session, "BEGIN");
        Assert.Equal("400", Text(session, "SELECT count(*) FROM t"));
        Run(writer, "DELETE FROM t WHERE x > 5; CREATE TABLE other (a INTEGER)");
        Run(session, Create);
        Assert.Equal("400", Text(
            session, "SELECT rows_train + rows_valid + rows_test FROM neuro.model_versions"));
        Run(writer, "UPDATE t SET x = x + 1; INSERT INTO other VALUES (1)");
        Assert.Equal("0", Text(writer, "SELECT count(*) FROM neuro.models"));
        Run(session, "COMMIT");
        Assert.Equal("m", Text(writer, "SELECT name FROM neuro.models"));
    }

    [Fact]
    public void Sessions_train_other_models_at_the_same_time()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        using QuerySession other = engine.OpenSession();
        engine.Models.EnsureTables();
        Run(session, "BEGIN; " + Create);
        Run(other, "BEGIN; " + Create.Replace("MODEL m", "MODEL n", StringComparison.Ordinal)
            .Replace("epochs = 4", "epochs = 4, seed = 2", StringComparison.Ordinal));
        Run(session, "COMMIT");
        Run(other, "COMMIT");
        Assert.Equal("m\nn", Text(session, "SELECT name FROM neuro.models"));
        Run(session, "BEGIN; RETRAIN MODEL m KEEP");
        Run(other, "BEGIN; RETRAIN MODEL m KEEP WITH (seed = 3)");
        Run(session, "COMMIT");
        Assert.Throws<ConflictException>(() => Run(other, "COMMIT"));
        Assert.Equal("2", Text(
            session, "SELECT count(*) FROM neuro.model_versions WHERE model = 'm'"));
    }

    [Fact]
    public void A_renamed_model_keeps_its_versions_and_trains_on()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        Run(session, Create);
        Run(session, "ALTER MODEL m RENAME TO \"kind of\"");
        Run(session, "RETRAIN MODEL \"kind of\"");
        Assert.Equal("kind of|2", Text(session, "SELECT name, versions FROM neuro.models"));
        Assert.Equal(ErrorCode.UnknownObject, Error(session, "RETRAIN MODEL m").Code);
        Run(session, Create);
        Assert.Equal(
            ErrorCode.ObjectExists,
            Error(session, "ALTER MODEL m RENAME TO \"KIND OF\"").Code);
    }

    [Fact]
    public void Policies_keep_so_many_versions()
    {
        using QueryEngine engine = Open();
        using QuerySession session = Filled(engine);
        Run(session, Create);
        Run(session, "ALTER MODEL m SET (keep_versions = 2)");
        Run(session, "RETRAIN MODEL m KEEP WITH (seed = 2); RETRAIN MODEL m KEEP WITH (seed = 3)");
        Assert.Equal("1\n3", Text(session, "SELECT version FROM neuro.model_versions"));
        Assert.Equal(
            ErrorCode.InvalidModel,
            Error(session, "ALTER MODEL m SET (keep_version = 2)").Code);
        Run(session, "ALTER MODEL m SET (auto_update = 'predicted')");
        Assert.Equal(
            "{\"auto_update\": \"predicted\", \"keep_versions\": 2}",
            Text(session, "SELECT policy FROM neuro.models"));
    }

    private static string Answers(QuerySession session) => string.Join(
        '\n',
        Text(session, "SELECT * FROM neuro.models"),
        Text(session, "SELECT * FROM neuro.model_versions"),
        Text(
            session,
            "SELECT model, version, layer, shape, sha256, piece FROM neuro.model_tensors"),
        Text(session, "SELECT * FROM neuro.training_log"),
        Text(session, "SELECT * FROM neuro.evaluations"));

    private static string Live(QuerySession session) =>
        Text(session, "SELECT live_version FROM neuro.models");

    private static NeuroStoreException Error(QuerySession session, string sql) =>
        Assert.ThrowsAny<NeuroStoreException>(() => Run(session, sql));

    private static QuerySession Filled(QueryEngine engine)
    {
        QuerySession session = engine.OpenSession();
        Run(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, x DOUBLE, y DOUBLE, kind TEXT)");
        Run(session, "INSERT INTO t SELECT i, i % 20, i % 31, CASE WHEN i % 20 + i % 31 > 25 "
            + "THEN 'b' ELSE 'a' END FROM generate_series(1, 400) AS g (i)");
        return session;
    }

    private static void Run(QuerySession session, string sql)
    {
        foreach (PreparedStatement statement in session.Prepare(sql))
        {
            using StatementResult result = session.Execute(statement, []);
            result.Drain();
        }
    }

    // The rows of a table that no statement sees.
    private static long CountOf(QueryEngine engine, string table)
    {
        using Storage.StorageTransaction transaction = engine.Storage.Begin();
        Assert.True(transaction.Catalog.TryGetTable(table, out Storage.TableEntry entry));
        return entry.Rows.LiveCount;
    }

    private static string Text(QuerySession session, string sql)
    {
        var rows = new List<string>();
        using StatementResult result = session.Execute(session.Prepare(sql)[0], []);
        for (RowBatch? batch = result.Next(); batch is not null; batch = result.Next())
        {
            for (int row = 0; row < batch.Count; row++)
            {
                rows.Add(string.Join(
                    '|', batch.Columns.Select(column => ValueText.Format(column, row))));
            }
        }

        return string.Join('\n', rows);
    }

    private QueryEngine Open() =>
        QueryEngine.Open(Seams(_disk), "/db", new QueryEngineOptions());
}
