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
}
