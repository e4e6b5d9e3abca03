namespace NeuroDb.Tests.Unit;

/// <summary>Holds the planning of many joined tables to a time that does not explode.</summary>
public sealed class JoinOrderTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(64)]
    public void A_chain_of_tables_is_joined_along_its_keys(int count)
    {
        using var fixture = new QueryFixture("CREATE TABLE t (a INTEGER, b INTEGER)");
        fixture.Rows("INSERT INTO t VALUES (1, 1), (2, 2)");
        string from = string.Join(", ", Enumerable.Range(0, count).Select(i => $"t AS x{i}"));
        string where = string.Join(
            " AND ", Enumerable.Range(1, count - 1).Select(i => $"x{i - 1}.b = x{i}.a"));
        string sql = $"SELECT count(*) FROM {from} WHERE {where}";
        Assert.Equal(["2"], fixture.Rows(sql));
        string plan = fixture.Explain(sql);
        Assert.DoesNotContain("nested loop", plan, StringComparison.Ordinal);
        Assert.Equal(count - 1, plan.Split("hash join").Length - 1);
    }

    [Fact]
    public void Ten_tables_all_tied_to_each_other_are_planned_at_once()
    {
        using var fixture = new QueryFixture("CREATE TABLE t (a INTEGER)");
        fixture.Rows("INSERT INTO t VALUES (1)");
        string from = string.Join(", ", Enumerable.Range(0, 10).Select(i => $"t AS x{i}"));
        IEnumerable<string> ties =
            from i in Enumerable.Range(0, 10)
            from j in Enumerable.Range(0, i)
            select $"x{i}.a = x{j}.a";
        string sql = $"SELECT count(*) FROM {from} WHERE {string.Join(" AND ", ties)}";
        Assert.Equal(["1"], fixture.Rows(sql));
    }

    [Fact]
    public void A_small_result_is_joined_first()
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE big (id INTEGER PRIMARY KEY, k INTEGER)",
            "CREATE TABLE mid (id INTEGER PRIMARY KEY, k INTEGER)",
            "CREATE TABLE few (id INTEGER PRIMARY KEY)",
            "INSERT INTO big SELECT i, i % 100 FROM generate_series(1, 5000) AS g(i)",
            "INSERT INTO mid SELECT i, i % 10 FROM generate_series(1, 500) AS g(i)",
            "INSERT INTO few VALUES (1), (2)");
        string plan = fixture.Explain(
            "SELECT count(*) FROM big JOIN mid ON big.k = mid.id JOIN few ON mid.k = few.id");
        int few = plan.IndexOf("scan few", StringComparison.Ordinal);
        int mid = plan.IndexOf("scan mid", StringComparison.Ordinal);
        int big = plan.IndexOf("scan big", StringComparison.Ordinal);
        Assert.True(Math.Abs(few - mid) < Math.Max(Math.Abs(big - mid), Math.Abs(big - few)), plan);
    }

    [Fact]
    public void What_follows_from_equal_columns_lets_small_tables_be_joined_first()
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE nation (id INTEGER PRIMARY KEY, name TEXT)",
            "CREATE TABLE supplier (id INTEGER PRIMARY KEY, nation INTEGER)",
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, nation INTEGER)",
            "CREATE TABLE line (customer INTEGER, supplier INTEGER)",
            "INSERT INTO nation SELECT i, 'n' || i FROM generate_series(1, 25) AS g(i)",
            "INSERT INTO supplier SELECT i, 1 + i % 25 FROM generate_series(1, 500) AS g(i)",
            "INSERT INTO customer SELECT i, 1 + i % 25 FROM generate_series(1, 1500) AS g(i)",
            "INSERT INTO line SELECT 1 + i % 1500, 1 + i % 499 "
                + "FROM generate_series(1, 20000) AS g(i)",
            "ANALYZE");
        string sql = "SELECT count(*) FROM line JOIN supplier ON line.supplier = supplier.id "
            + "JOIN nation ON supplier.nation = nation.id "
            + "JOIN customer ON line.customer = customer.id "
            + "AND customer.nation = supplier.nation WHERE nation.name = 'n7'";
        string plan = fixture.Explain(sql);
        int nation = plan.IndexOf("scan nation", StringComparison.Ordinal);
        int customer = plan.IndexOf("scan customer", StringComparison.Ordinal);
        int line = plan.IndexOf("scan line", StringComparison.Ordinal);
        int supplier = plan.IndexOf("scan supplier", StringComparison.Ordinal);
        Assert.True(Math.Min(line, supplier) < Math.Min(nation, customer)
            || Math.Max(line, supplier) > Math.Max(nation, customer), plan);
        Assert.Equal(
            fixture.Rows("SELECT count(*) FROM line, supplier, customer "
                + "WHERE line.supplier = supplier.id AND line.customer = customer.id "
                + "AND customer.nation = 7 AND supplier.nation = 7"),
            fixture.Rows(sql));
    }

    [Theory]
    [InlineData("a.x = b.y AND a.z = b.y")]
    [InlineData("a.x = b.y AND b.y = c.x AND c.x = a.x")]
    [InlineData("a.x = b.y AND b.y = c.x AND a.z = c.x")]
    [InlineData("a.x = b.y AND c.x = b.y AND a.x = c.y")]
    public void Conditions_that_follow_from_others_lose_no_row_and_keep_none(string where)
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE t (x INTEGER, y INTEGER, z INTEGER)",
            "INSERT INTO t VALUES (1, 1, 2), (2, 2, 2), (3, 4, 3), (NULL, 4, 4), (4, 4, NULL)");
        string other = where.Contains('c', StringComparison.Ordinal) ? ", t AS c" : "";
        string from = $"FROM t AS a, t AS b{other}";
        string expected = fixture.Rows(
            $"SELECT sum(CASE WHEN {where} THEN 1 ELSE 0 END) {from}")[0];
        Assert.Equal([expected], fixture.Rows($"SELECT count(*) {from} WHERE {where}"));
    }
}
