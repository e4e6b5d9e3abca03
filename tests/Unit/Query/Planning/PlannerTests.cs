namespace NeuroDb.Tests.Unit;

public sealed class PlannerTests
{
    private static QueryFixture Open() => new(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER, t TEXT UNIQUE, v VECTOR(2))",
        "CREATE TABLE b (x INTEGER, y INTEGER, PRIMARY KEY (x, y))",
        "INSERT INTO a VALUES (1, 1, 'one', '[1,0]'), (2, 1, 'two', '[0,1]'), "
        + "(3, 2, 'three', NULL)",
        "INSERT INTO b VALUES (1, 10), (2, 20), (2, 21)");

    [Theory]
    [InlineData("SELECT t FROM a WHERE id = 2", "lookup a by primary key (id) = 2", "two")]
    [InlineData("SELECT id FROM a WHERE 'two' = t", "unique key (t)", "2")]
    [InlineData("SELECT id FROM a WHERE id IN (3, 1, 3, 8)", "4 keys", "3 1")]
    [InlineData("SELECT x FROM b WHERE y = 21 AND x = 2", "(x, y) = 2, 21", "2")]
    [InlineData("SELECT id FROM a WHERE id = 1 AND t = 'two'", "filter: (t = 'two')", "")]
    [InlineData("SELECT id FROM (SELECT id FROM a) q WHERE id = 1", "lookup a", "1")]
    public void Known_keys_are_looked_up(string sql, string part, string rows)
    {
        using QueryFixture database = Open();
        Assert.Contains(part, database.Explain(sql), StringComparison.Ordinal);
        Assert.Equal(rows, database.Line(sql));
    }

    [Fact]
    public void A_comma_with_where_becomes_a_hash_join_with_filters_at_the_scans()
    {
        using QueryFixture database = Open();
        const string Sql = "SELECT a.id, y FROM a, b WHERE b_id = x AND y > 10 AND a.id < 4";
        string plan = database.Explain(Sql);
        Assert.Contains("hash join", plan, StringComparison.Ordinal);
        Assert.Contains("scan b, filter: (y > 10)", plan, StringComparison.Ordinal);
        Assert.Contains("key range a.id (-infinity, 4)", plan, StringComparison.Ordinal);
        Assert.Equal("3|20 3|21", database.Line(Sql + " ORDER BY 2"));
    }

    [Fact]
    public void A_condition_on_the_right_of_a_left_join_stays_above_it()
    {
        using QueryFixture database = Open();
        Assert.Equal("1 2", database.Line(
            "SELECT id FROM a LEFT JOIN b ON b_id = x AND y > 15 WHERE y IS NULL ORDER BY id"));
        Assert.Equal("3|20 3|21", database.Line(
            "SELECT id, y FROM a LEFT JOIN b ON b_id = x WHERE y > 15 ORDER BY y"));
    }

    [Fact]
    public void Sixty_four_joined_tables_are_planned_without_enumerating_orders()
    {
        using QueryFixture database = Open();
        string from = string.Join(", ", Enumerable.Range(0, 64).Select(i => $"a t{i}"));
        string where = string.Join(
            " AND ", Enumerable.Range(1, 63).Select(i => $"t{i}.id = t{i - 1}.b_id"));
        Assert.Equal("3", database.Line($"SELECT count(*) FROM {from} WHERE {where}"));
        Assert.Equal(
            ErrorCode.ResourceLimit,
            database.Error($"SELECT count(*) FROM {from}, a t64").Code);
    }

    [Fact]
    public void Order_and_limit_become_one_operator_that_gives_the_same_rows()
    {
        using QueryFixture database = Open();
        string plan = database.Explain("SELECT t FROM a ORDER BY b_id DESC LIMIT 2");
        Assert.Contains("top 2, order: b_id DESC", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("sort", plan, StringComparison.Ordinal);
        Assert.Equal("two one", database.Line(
            "SELECT t FROM a ORDER BY id DESC LIMIT 2 OFFSET 1"));
    }

    [Theory]
    [InlineData("ORDER BY similarity(v, '[1,0]') LIMIT 3", "order: score DESC (default)", "1 2 3")]
    [InlineData("ORDER BY similarity(v, '[1,0]') DESC LIMIT 3", "order: score DESC\n", "1 2 3")]
    [InlineData("ORDER BY v <-> '[0,1]' LIMIT 1", "vector top 1 of a.v", "2")]
    [InlineData("ORDER BY v <=> '[0,1]' LIMIT 1 OFFSET 2", "offset 2", "3")]
    [InlineData("WHERE id <> 2 ORDER BY v <#> '[0,1]' LIMIT 2", "filter before ranking", "1 3")]
    public void Nearest_vectors_are_found_by_the_fused_scan(
        string clauses, string part, string rows)
    {
        using QueryFixture database = Open();
        string plan = database.Explain("SELECT id FROM a " + clauses);
        Assert.Contains("vector top", plan, StringComparison.Ordinal);
        Assert.Contains("accelerator: ", plan, StringComparison.Ordinal);
        Assert.Contains(part, plan + "\n", StringComparison.Ordinal);
        Assert.Equal(rows, database.Line("SELECT id FROM a " + clauses));
    }

    [Fact]
    public void Farthest_first_is_not_fused_and_puts_rows_without_vector_first()
    {
        using QueryFixture database = Open();
        const string Sql = "SELECT id FROM a ORDER BY similarity(v, '[1,0]') ASC LIMIT 3";
        Assert.DoesNotContain("vector top", database.Explain(Sql), StringComparison.Ordinal);
        Assert.Equal("3 2 1", database.Line(Sql));
    }

    [Fact]
    public void Constant_conditions_are_decided_when_planning()
    {
        using QueryFixture database = Open();
        string plan = database.Explain("SELECT id FROM a WHERE 1 = 2");
        Assert.DoesNotContain("scan", plan, StringComparison.Ordinal);
        Assert.Equal("", database.Line("SELECT id FROM a WHERE 1 = 2"));
        Assert.Equal("0", database.Line("SELECT count(*) FROM a WHERE NULL"));
    }
}
