namespace NeuroDb.Tests.Unit;

/// <summary>
/// What cannot be put on disk ends with an error when it takes more memory than it may.
/// </summary>
public sealed class KeptMemoryTests
{
    [Theory]
    [InlineData("SELECT count(DISTINCT s) FROM b")]
    [InlineData("SELECT length(string_agg(s, ',' ORDER BY id DESC)) FROM b")]
    [InlineData("SELECT cardinality(array_agg(s)) FROM b")]
    [InlineData("SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d) FROM b")]
    [InlineData("SELECT count(*) FROM b AS x JOIN b AS y ON x.id < y.id")]
    [InlineData("WITH w AS (SELECT id, s FROM b WHERE k >= 0) SELECT count(*) FROM w AS x "
        + "JOIN w AS y ON x.id = y.id")]
    [InlineData("WITH RECURSIVE r(i) AS (SELECT 1 UNION SELECT i + 1 FROM r WHERE i < 20000) "
        + "SELECT count(*) FROM r")]
    [InlineData("WITH RECURSIVE r(i) AS (SELECT id FROM b UNION ALL SELECT i + 1 FROM r) "
        + "SELECT count(*) FROM r")]
    [InlineData("SELECT count(*) FROM b WHERE (id IN (SELECT id + 1 FROM b)) IS NOT TRUE")]
    [InlineData("UPDATE b SET s = s || '!'")]
    [InlineData("INSERT INTO b SELECT id + 1000000, k, d, s FROM b RETURNING id")]
    public void What_stays_in_memory_is_limited(string sql)
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.Open(folder.Path);
        using Session session = database.OpenSession();
        Fill(session);
        session.Execute("SET operator_memory = 65536");
        session.Execute("SET kept_memory = 65536");
        NeuroStoreException error = Assert.Throws<ResourceLimitException>(
            () => Drain(session, sql));
        Assert.Equal(ErrorCode.MemoryLimit, error.Code);
        session.Execute("SET kept_memory = DEFAULT");
        if (!sql.Contains("UNION ALL", StringComparison.Ordinal))
        {
            Drain(session, sql);
        }
    }

    [Theory]
    [InlineData("SELECT DISTINCT id, s FROM b")]
    [InlineData("SELECT id, s FROM b UNION SELECT k, s FROM b")]
    [InlineData("SELECT id, s FROM b EXCEPT SELECT k, s FROM b")]
    [InlineData("SELECT id, sum(d) OVER (ORDER BY id) FROM b")]
    [InlineData("SELECT x.id FROM b AS x JOIN b AS y ON x.id = y.k")]
    [InlineData("SELECT s, id, count(*) FROM b GROUP BY s, id")]
    [InlineData("SELECT s, id, count(*) FROM b GROUP BY ROLLUP (s, id)")]
    [InlineData("INSERT INTO other SELECT id, k, d, s FROM b")]
    [InlineData("INSERT INTO b SELECT id + 1000000, k, d, s FROM b")]
    public void What_can_go_to_disk_is_not(string sql)
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.Open(folder.Path);
        using Session session = database.OpenSession();
        Fill(session);
        session.Execute("SET operator_memory = 65536");
        session.Execute("SET kept_memory = 65536");
        Drain(session, sql);
    }

    [Fact]
    public void A_database_in_memory_is_limited_too()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        Fill(session);
        foreach (string sql in new[]
        {
            "SELECT id, s FROM b ORDER BY s",
            "SELECT s, id, count(*) FROM b GROUP BY s, id",
            "SELECT DISTINCT id, s FROM b",
            "SELECT x.id FROM b AS x JOIN b AS y ON x.id = y.k",
            "SELECT id, row_number() OVER (ORDER BY s) FROM b",
            "SELECT id, s FROM b EXCEPT SELECT k, s FROM b WHERE id < 0",
        })
        {
            Drain(session, sql);
            session.Execute("SET kept_memory = 65536");
            NeuroStoreException error = Assert.Throws<ResourceLimitException>(
                () => Drain(session, sql));
            Assert.Equal((sql, ErrorCode.MemoryLimit), (sql, error.Code));
            session.Execute("SET kept_memory = DEFAULT");
        }
    }

    [Fact]
    public void Rows_of_a_query_over_the_table_itself_are_those_of_before()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT)");
        session.Execute(
            "INSERT INTO t SELECT i, repeat('x', 600) FROM generate_series(1, 20000) AS g(i)");
        session.Execute("INSERT INTO t SELECT id + 20000, s FROM t");
        Assert.Equal(40_000L, session.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Throws<ConstraintException>(
            () => session.Execute("INSERT INTO t SELECT id + 39999, s FROM t"));
        Assert.Equal(40_000L, session.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    private static void Fill(Session session)
    {
        session.Execute(
            "CREATE TABLE b (id BIGINT PRIMARY KEY, k INTEGER, d DOUBLE PRECISION, s TEXT)");
        session.Execute(
            "CREATE TABLE other (id BIGINT PRIMARY KEY, k INTEGER, d DOUBLE PRECISION, s TEXT)");
        session.Execute(
            "INSERT INTO b SELECT g, g * 7919 % 1000, (g * 31 % 5003) / 8e0, "
            + "'value ' || CAST(g AS TEXT) FROM generate_series(1, 12000) AS s(g)");
    }

    private static void Drain(Session session, string sql)
    {
        using ResultReader reader = session.Query(sql);
        while (reader.Read())
        {
        }
    }
}
