using System.Data;
using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Columns of vectors through every way in and out of a database.</summary>
public sealed class AnswerColumnTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NeuroStore _store;

    public AnswerColumnTests()
    {
        _store = NeuroStore.Open(Path.Combine(_folder.Path, "db"));
        _store.Execute("CREATE TABLE corpus AS SELECT 'wind and rain from the sea ' || (i % 9) "
            + "AS body FROM generate_series(1, 60) g (i)");
        _store.Execute("CREATE MODEL enc TYPE embedder USING lsa(4, min_count = 1) AS "
            + "SELECT body FROM corpus");
        _store.Execute("RETRAIN MODEL enc KEEP WITH (seed = 3)");
    }

    [Fact]
    public void Appender_and_copy_store_rows_with_their_vectors()
    {
        Create("STORED");
        using (Appender appender = _store.CreateAppender("t"))
        {
            for (int i = 0; i < 5000; i++)
            {
                appender.Append(i).Append($"sea {i % 9}").EndRow();
            }

            appender.Complete();
        }

        string file = Path.Combine(_folder.Path, "rows.csv");
        File.WriteAllLines(file, Enumerable.Range(5000, 3000).Select(i => $"{i},rain {i % 9}"));
        _store.Execute("COPY t FROM ?", file);

        file = Path.Combine(_folder.Path, "out.csv");
        _store.Execute("COPY t TO ? WITH (header)", file);
        Assert.Equal("id,body", File.ReadLines(file).First());
        _store.Execute("DELETE FROM t; COPY t FROM ? WITH (header)", file);

        Assert.Equal(8000, _store.QueryScalar<long>(
            "SELECT count(*) FROM t WHERE vec = embed(enc@1, body)"));
    }

    [Fact]
    public void An_index_finds_what_the_scan_does_before_and_after_a_refresh()
    {
        Create("STORED");
        _store.Execute("INSERT INTO t (id, body) SELECT i, 'wind rain sea ' || (i % 7) "
            + "FROM generate_series(1, 3000) g (i)");
        _store.Execute("CREATE INDEX by_vec ON t USING vector (vec vector_cosine_ops)");
        Assert.Equal(Nearest("off", 1), Nearest("on", 1));
        _store.Execute("ALTER TABLE t ALTER COLUMN vec SET MODEL enc@2 REFRESH BACKGROUND");

        while (_store.QueryScalar<int>("SELECT version FROM neuro.embedding_lag") == 1)
        {
            Assert.NotEmpty(Nearest("on", null));
        }

        Assert.Equal(Nearest("off", 2), Nearest("on", 2));
        Assert.Equal(1, _store.QueryScalar<long>(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'by_vec'"));
    }

    [Fact]
    public void Nobody_sees_what_the_engine_keeps_beside_the_rows()
    {
        Create("STORED ASYNC");
        using (Session session = _store.OpenSession())
        {
            Assert.EndsWith(
                "(\n  id BIGINT NOT NULL,\n  body TEXT,\n  vec VECTOR(4) GENERATED ALWAYS AS "
                + "(embed(enc@1, body)) STORED ASYNC,\n  PRIMARY KEY (id)\n);",
                session.GetTableDefinition("t"),
                StringComparison.Ordinal);
        }

        using NeuroConnection connection = _store.CreateConnection();
        connection.Open();
        DataTable columns = connection.GetSchema("Columns", [null, null, "t", null]);
        Assert.Equal(
            ["id", "body", "vec"],
            columns.Rows.Cast<DataRow>().Where(static row => (string)row["TABLE_NAME"] == "t")
                .Select(static row => (string)row["COLUMN_NAME"]));
        Assert.Equal(3, _store.QueryScalar<long>(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 't'"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private void Create(string kind) => _store.Execute(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, body TEXT, "
        + $"vec VECTOR(4) GENERATED ALWAYS AS (embed(enc@1, body)) {kind})");

    // A switch may come in between.
    private List<long> Nearest(string ann, int? version)
    {
        using Session session = _store.OpenSession();
        session.Execute($"SET ann = {ann}; SET mixed_versions = allow");
        using ResultReader reader = session.Query("SELECT id FROM t ORDER BY vec <=> "
            + $"embed(enc@{version ?? 1}, 'wind and sea 7'), id LIMIT 10");
        var ids = new List<long>();
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }
}
