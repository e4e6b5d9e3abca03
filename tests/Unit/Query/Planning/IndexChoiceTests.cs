namespace NeuroDb.Tests.Unit;

/// <summary>Which index a statement reads, and how, as EXPLAIN tells it.</summary>
public sealed class IndexChoiceTests
{
    [Theory]
    [InlineData("SELECT id FROM t WHERE a = 3", "index t_a of t: a = 3")]
    [InlineData(
        "SELECT id FROM t WHERE a = 3 AND d > 5 AND d <= 7",
        "t_a of t: a = 3, d > 5, d <= 7")]
    [InlineData("SELECT id FROM t WHERE a IN (3, 4, 5) AND b <> 'x'", "t_a of t: a in 3 values")]
    [InlineData("SELECT id FROM t WHERE a IS NULL", "index t_a of t: a is null")]
    [InlineData("SELECT id FROM t WHERE b LIKE 'name 12%'", "index t_b of t: b like 'name 12%'")]
    [InlineData("SELECT id FROM t WHERE id > 3 AND a = 3", "index t_a of t: a = 3")]
    [InlineData("SELECT id FROM t WHERE id = 3 AND a = 3", "lookup t by primary key (id)")]
    [InlineData("SELECT id FROM t WHERE d = 3", "scan t")]
    [InlineData("SELECT id FROM t WHERE b LIKE '%12'", "scan t")]
    [InlineData("SELECT id FROM t WHERE a = 3 ORDER BY d DESC LIMIT 2", "a = 3, in its order")]
    [InlineData("SELECT id FROM t WHERE a = 3 ORDER BY d LIMIT 2", "a = 3, in reverse order")]
    [InlineData("SELECT id FROM t ORDER BY b LIMIT 2", "index t_b of t, in its order")]
    [InlineData("SELECT max(b) FROM t", "index t_b of t, in reverse order")]
    [InlineData("SELECT t.id FROM u JOIN t ON t.a = u.k", "batched lookup of t, index t_a: a = k")]
    [InlineData(
        "SELECT t.b FROM u JOIN t ON t.id = u.k",
        "batched lookup of t, primary key: id = k")]
    [InlineData(
        "SELECT u.k, t.b FROM u LEFT JOIN t ON t.id = u.k", "left join by batched lookup of t")]
    public void A_plan_reads_through_the_index(string sql, string part)
    {
        using var database = new QueryFixture(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, a INTEGER, b TEXT, d DOUBLE PRECISION)",
            "CREATE TABLE u (k INTEGER)");
        database.Rows(
            "INSERT INTO t SELECT i, i % 1000, 'name ' || i, i / 4.0 "
            + "FROM generate_series(1, 20000) AS s(i)");
        database.Rows("INSERT INTO u VALUES (1), (2)");
        database.Rows("CREATE INDEX t_a ON t (a, d DESC)");
        database.Rows("CREATE INDEX t_b ON t (b)");
        Assert.Contains(part, database.Explain(sql), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_range_is_read_by_a_scan()
    {
        using var database = new QueryFixture("CREATE TABLE t (a INTEGER, b TEXT)");
        database.Rows(
            "INSERT INTO t SELECT i, 'x' FROM generate_series(1, 20000) AS s(i)");
        database.Rows("CREATE INDEX t_a ON t (a)");
        string plan = string.Join(
            '\n', database.Rows("EXPLAIN ANALYZE SELECT b FROM t WHERE a > 10"));
        Assert.Contains("read by a scan", plan, StringComparison.Ordinal);
    }
}
