namespace NeuroDb.Tests.Unit;

/// <summary>Several threads compute what one does; statements stop at their limit.</summary>
public sealed class ParallelTests
{
    private static readonly string[] Queries =
    [
        "SELECT count(*), sum(k), sum(m), avg(m), min(s), max(d), count(n) FROM b",
        "SELECT k % 7, count(*), sum(m), avg(k), min(s), max(id) FROM b GROUP BY k % 7",
        "SELECT s, count(*), sum(m) FROM b WHERE n IS NULL GROUP BY s",
        "SELECT id % 20000, sum(m), count(n) FROM b GROUP BY id % 20000",
        "SELECT count(DISTINCT s), sum(DISTINCT n), array_agg(DISTINCT n), sum(m) FROM b",
        "SELECT k % 7, count(DISTINCT s), avg(DISTINCT m), count(n) FROM b GROUP BY k % 7",
        "SELECT id % 20000, count(DISTINCT n), array_agg(DISTINCT n) FROM b GROUP BY id % 20000",
        "SELECT k, string_agg(s, ',') FROM b WHERE id < 300 GROUP BY k",
        "SELECT string_agg(s, '') FROM b WHERE id % 100 = 3",
        "SELECT id, d FROM b ORDER BY d DESC, s LIMIT 17 OFFSET 3",
        "SELECT id, s FROM b WHERE k < 30 ORDER BY s, m DESC",
        "SELECT id, m FROM b ORDER BY m, id DESC LIMIT 5000",
        "SELECT b.id, c.t FROM b JOIN c ON b.k = c.k WHERE c.k < 20",
        "SELECT c.t, count(*), sum(m) FROM b LEFT JOIN c ON b.k = c.k GROUP BY c.t",
        "SELECT count(*) FROM c WHERE EXISTS (SELECT 1 FROM b WHERE b.k = c.k AND m > 99)",
        "SELECT c.k FROM c WHERE NOT EXISTS "
            + "(SELECT 1 FROM b WHERE b.k = c.k AND n = 4 AND m > 190)",
        "SELECT c.k, x.q FROM c LEFT JOIN (SELECT k, sum(m) AS q FROM b GROUP BY k) AS x "
            + "ON x.k = c.k WHERE c.k < 100",
        "SELECT a.id, b.id FROM b AS a JOIN b ON a.id = b.k WHERE a.s = 'v3'",
        "SELECT k, row_number() OVER (PARTITION BY k ORDER BY id) FROM b WHERE k < 5",
        "SELECT k, sum(d) FROM b GROUP BY k",
        Lookup,
        "SELECT x.s, count(y.m) FROM b AS x LEFT JOIN b AS y ON y.id = x.k * 60 "
            + "WHERE x.n = 4 AND x.k < 60 GROUP BY x.s",
    ];

    private const string Lookup =
        "SELECT y.s, count(*), sum(y.m) FROM b AS x JOIN b AS y ON y.id = x.k * 60 "
        + "WHERE x.n = 4 AND x.k < 60 GROUP BY y.s";

    [Fact]
    public void Several_threads_give_the_rows_of_one_in_the_same_order()
    {
        using var query = new QueryFixture(
            "CREATE TABLE b (id BIGINT PRIMARY KEY, k INTEGER, n INTEGER, d DOUBLE PRECISION, "
            + "m DECIMAL(12, 2), s TEXT)",
            "CREATE TABLE c (k INTEGER PRIMARY KEY, t TEXT)",
            "INSERT INTO b SELECT g, g * 7919 % 1000, CASE WHEN g % 3 = 0 THEN g % 11 END, "
            + "(g * 31 % 5003) / 8e0, (g * 37 % 20011) / 100.0, 'v' || CAST(g % 53 AS TEXT) "
            + "FROM generate_series(1, 70000) AS s(g)",
            "INSERT INTO c SELECT g, 't' || CAST(g % 9 AS TEXT) "
            + "FROM generate_series(0, 899) AS s(g)",
            "DELETE FROM b WHERE id % 17 = 0");
        foreach (string sql in Queries)
        {
            query.Rows("SET threads = 1");
            string[] expected = query.Rows(sql);
            query.Rows("SET threads = 4");
            string[] found = query.Rows(sql);
            Assert.True(expected.Length > 0, sql);
            if (sql == Lookup)
            {
                Assert.Contains(query.Rows($"EXPLAIN ANALYZE {sql}"), static line =>
                    line.Contains("batched lookup", StringComparison.Ordinal)
                    && line.Contains("lanes", StringComparison.Ordinal));
            }

            Assert.Equal((sql, string.Join('\n', expected)), (sql, string.Join('\n', found)));
        }
    }

    [Fact]
    public void A_plan_tells_the_lanes_in_which_it_ran()
    {
        using var query = new QueryFixture(
            "CREATE TABLE b (id BIGINT PRIMARY KEY)",
            "INSERT INTO b SELECT g FROM generate_series(1, 70000) AS s(g)");
        query.Rows("SET threads = 1");
        const string Sql = "EXPLAIN ANALYZE SELECT sum(id) FROM b WHERE id % 2 = 0";
        Assert.DoesNotContain("lanes", query.Line(Sql), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM b AS x, b AS y WHERE x.id + y.id = 7")]
    [InlineData("SELECT count(*) FROM (SELECT sum(id) OVER (ORDER BY id) FROM b) AS q, b")]
    [InlineData("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) "
        + "SELECT count(*) FROM r")]
    public void A_statement_stops_at_its_limit_of_time(string sql)
    {
        using var query = new QueryFixture(
            "CREATE TABLE b (id BIGINT PRIMARY KEY)",
            "INSERT INTO b SELECT g FROM generate_series(1, 70000) AS s(g)",
            "SET statement_timeout = 50");
        NeuroStoreException error = query.Error(sql);
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        Assert.Contains("50 ms", error.Message, StringComparison.Ordinal);
        Assert.Equal("50", query.Line("SHOW statement_timeout"));
        query.Rows("SET statement_timeout = 0");
        Assert.Equal("70000", query.Line("SELECT count(*) FROM b"));
    }

    [Theory]
    [InlineData("SET threads = 0")]
    [InlineData("SET threads = many")]
    [InlineData("SET statement_timeout = -5")]
    public void A_setting_out_of_its_range_is_refused(string sql)
    {
        using var query = new QueryFixture();
        Assert.Equal(ErrorCode.InvalidSetting, query.Error(sql).Code);
    }
}
