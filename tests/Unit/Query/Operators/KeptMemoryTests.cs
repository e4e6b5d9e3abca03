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
    [InlineData("WITH RECURSIVE r(i) AS (SELECT 1 UNION SELECT i + 1 FROM r WHERE i < 20000) "
        + "SELECT count(*) FROM r")]
    [InlineData("SELECT count(*) FROM b WHERE (id IN (SELECT id + 1 FROM b)) IS NOT TRUE")]
    [InlineData("UPDATE b SET id = id + 1")]
    [InlineData("UPDATE b SET s = s || '!' RETURNING id")]
    [InlineData("DELETE FROM b RETURNING s")]
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
        Drain(session, sql);
    }

    [Theory]
    [InlineData("SELECT DISTINCT id, s FROM b")]
    [InlineData("SELECT id, s FROM b UNION SELECT k, s FROM b")]
    [InlineData("SELECT id, s FROM b EXCEPT SELECT k, s FROM b")]
    [InlineData("SELECT id, sum(d) OVER (ORDER BY id) FROM b")]
    [InlineData("SELECT x.id FROM b AS x JOIN b AS y ON x.id = y.k")]
    [InlineData("SELECT s, id, count(*) FROM b GROUP BY s, id")]
    [InlineData("SELECT s, id, count(*) FROM b GROUP BY ROLLUP (s, id)")]
    [InlineData("WITH w AS (SELECT id, s FROM b WHERE k >= 0) SELECT count(*) FROM w AS x "
        + "JOIN w AS y ON x.id = y.id")]
    [InlineData("WITH RECURSIVE r(i, s) AS (SELECT id, s FROM b UNION ALL SELECT i + 12000, s "
        + "FROM r WHERE i < 36000) SELECT i, s FROM r")]
    [InlineData("WITH d AS (INSERT INTO other SELECT id, k, d, s FROM b) SELECT count(*) FROM b")]
    [InlineData("UPDATE b SET s = s || '!', k = k + 1")]
    [InlineData("UPDATE b SET d = (SELECT max(x.d) FROM b AS x WHERE x.id = b.id + 1)")]
    [InlineData("UPDATE b SET s = o.s FROM b AS o WHERE o.id = b.k")]
    [InlineData("DELETE FROM b WHERE k >= 0")]
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
    public void Changes_in_pieces_change_what_they_change_at_once()
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.Open(folder.Path);
        using Session session = database.OpenSession();
        Fill(session);
        session.Execute("CREATE TABLE c (id BIGINT PRIMARY KEY, k INTEGER CHECK (k < 1000), "
            + "s TEXT, n BIGINT GENERATED ALWAYS AS (k * 2) STORED)");
        session.Execute("CREATE INDEX c_k ON c (k)");
        session.Execute("INSERT INTO c (id, k, s) SELECT id, k, s FROM b");
        string[] changes =
        [
            "UPDATE c SET k = k / 2, s = s || '+' WHERE id % 5 <> 0",
            "UPDATE c SET k = (SELECT count(*) FROM c AS x WHERE x.k = c.k) WHERE id < 900",
            "UPDATE c SET s = (SELECT max(s) FROM c) WHERE id % 2 = 0",
            "UPDATE c SET s = o.s || c.k FROM b AS o WHERE o.id = c.id + 7",
            "DELETE FROM c WHERE k > (SELECT avg(k) FROM c)",
            "DELETE FROM c WHERE id IN (SELECT id + 1 FROM c)",
        ];
        foreach (string sql in changes)
        {
            string whole = After(session, sql, "1000000000");
            string pieces = After(session, sql, "65536");
            Assert.Equal((sql, whole), (sql, pieces));
            session.Execute(sql);
        }

        session.Execute("UPDATE c SET k = 0");
        session.Execute("SET operator_memory = 65536");
        Assert.Throws<ConstraintException>(() => session.Execute(
            "UPDATE c SET k = CASE WHEN id = (SELECT max(id) FROM c) THEN 1000 ELSE 7 END"));
        Assert.Equal(0L, session.QueryScalar<long>("SELECT max(k) FROM c"));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "temp")));
    }

    // What a table holds after a change that is taken back.
    private static string After(Session session, string sql, string memory)
    {
        session.Execute("BEGIN");
        session.Execute($"SET operator_memory = {memory}");
        session.Execute(sql);
        string found = session.QueryScalar<string>(
            "SELECT count(*) || ' ' || sum(k) || ' ' || sum(n) || ' ' "
            + "|| string_agg(id || s || k || n, ',' ORDER BY id) FROM c")!;
        session.Execute("ROLLBACK");
        return found;
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
