using System.Globalization;

namespace NeuroDb.Tests.Unit;

public sealed class OperatorTests
{
    [Theory]
    [InlineData("", "NULL 1 2")]
    [InlineData("DESC", "2 1 NULL")]
    [InlineData("NULLS LAST", "1 2 NULL")]
    [InlineData("DESC NULLS FIRST", "NULL 2 1")]
    public void Nulls_sort_where_the_dialect_and_the_item_say(string direction, string expected)
    {
        using var database = new QueryFixture();
        Assert.Equal(expected, database.Line(
            $"SELECT * FROM (VALUES (2), (NULL), (1)) t(n) ORDER BY n {direction}"));
        Assert.Equal(expected, database.Line(
            $"SELECT * FROM (VALUES (2), (NULL), (1)) t(n) ORDER BY n {direction} LIMIT 9"));
    }

    [Fact]
    public void Text_sorts_by_code_point()
    {
        using var database = new QueryFixture();
        Assert.Equal("B a \ufffd \U0001F600", database.Line(
            "SELECT * FROM (VALUES ('\U0001F600'), ('a'), ('\ufffd'), ('B')) t(n) ORDER BY n"));
    }

    [Fact]
    public void Top_k_gives_what_sort_and_limit_give_over_many_batches()
    {
        const int Count = 20_000;
        using var database = new QueryFixture("CREATE TABLE t (id INTEGER, k INTEGER)");
        var random = new Random(7);
        var keys = new int[Count];
        var rows = new List<string>();
        for (int i = 0; i < Count; i++)
        {
            keys[i] = random.Next(500);
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"({i},{keys[i]})"));
        }

        database.Rows($"INSERT INTO t VALUES {string.Join(",", rows)}");
        IEnumerable<int> expected = Enumerable.Range(0, Count)
            .OrderByDescending(i => keys[i])
            .Skip(3)
            .Take(50);
        Assert.Equal(
            expected.Select(i => i.ToString(CultureInfo.InvariantCulture)),
            database.Rows("SELECT id FROM t ORDER BY k DESC LIMIT 50 OFFSET 3"));
    }

    [Fact]
    public void Joins_agree_with_nested_loops_over_random_rows_with_nulls()
    {
        using var database = new QueryFixture(
            "CREATE TABLE l (id INTEGER, k INTEGER)", "CREATE TABLE r (id INTEGER, k INTEGER)");
        var random = new Random(11);
        foreach (string table in (string[])["l", "r"])
        {
            IEnumerable<string> rows = Enumerable.Range(0, 300).Select(i =>
                random.Next(8) == 0 ? $"({i}, NULL)" : $"({i}, {random.Next(60)})");
            database.Rows($"INSERT INTO {table} VALUES {string.Join(",", rows)}");
        }

        foreach (string kind in (string[])["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
        {
            string[] hashed = database.Rows(
                $"SELECT l.id, r.id FROM l {kind} r ON l.k = r.k AND l.id < r.id ORDER BY 1, 2");
            string[] looped = database.Rows(
                $"SELECT l.id, r.id FROM l {kind} r ON l.k - r.k = 0 AND l.id < r.id "
                + "ORDER BY 1, 2");
            Assert.Equal(looped, hashed);
            Assert.NotEmpty(hashed);
        }
    }

    [Theory]
    [InlineData("UNION", "1 2 3 NULL")]
    [InlineData("UNION ALL", "1 1 1 2 2 3 NULL NULL")]
    [InlineData("EXCEPT", "3")]
    [InlineData("EXCEPT ALL", "1 3")]
    [InlineData("INTERSECT", "1 2 NULL")]
    [InlineData("INTERSECT ALL", "1 2 NULL")]
    public void Set_operations_count_nulls_as_equal(string operation, string expected)
    {
        using var database = new QueryFixture();
        Assert.Equal(expected, database.Line(
            "SELECT * FROM (SELECT * FROM (VALUES (1), (1), (2), (3), (NULL)) a(n) "
            + $"{operation} SELECT * FROM (VALUES (1), (2), (NULL)) b(n)) c "
            + "ORDER BY n NULLS LAST"));
    }

    [Fact]
    public void Aggregates_take_distinct_and_filter()
    {
        using var database = new QueryFixture();
        Assert.Equal("5|2|4|1", database.Line(
            "SELECT count(*), count(DISTINCT n), sum(n) FILTER (WHERE n > 1), "
            + "count(*) FILTER (WHERE n IS NULL) FROM (VALUES (1), (1), (2), (2), (NULL)) t(n)"));
    }

    [Fact]
    public void Groups_of_many_keys_are_all_found_again()
    {
        using var database = new QueryFixture("CREATE TABLE t (k INTEGER, s TEXT)");
        IEnumerable<string> rows = Enumerable.Range(0, 9000).Select(
            i => $"({i % 3000}, 's{i % 3000}')");
        database.Rows($"INSERT INTO t VALUES {string.Join(",", rows)}");
        Assert.Equal("3000|3|3", database.Line(
            "SELECT count(*), min(n), max(n) FROM "
            + "(SELECT k, s, count(*) AS n FROM t GROUP BY k, s) q"));
        Assert.Equal("3000", database.Line("SELECT count(*) FROM (SELECT DISTINCT s FROM t) q"));
    }

    [Fact]
    public void Limit_and_offset_take_parameters_and_null_means_none()
    {
        using var database = new QueryFixture();
        const string Sql = "SELECT * FROM (VALUES (1), (2), (3)) t(n) LIMIT ? OFFSET ?";
        Assert.Equal("2 3", database.Line(Sql, Value.Of(5), Value.Of(1)));
        Assert.Equal("", database.Line(Sql, Value.Of(0), Value.Of(0)));
        Assert.Equal("1 2 3", database.Line(Sql, Value.Null, Value.Null));
    }

    [Fact]
    public void Nearest_rows_agree_with_computing_every_distance()
    {
        const int Count = 5000;
        using var database = new QueryFixture(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, g INTEGER, v VECTOR(8))");
        var random = new Random(3);
        var statement = database.Session.Prepare("INSERT INTO t VALUES (?, ?, ?)")[0];
        database.Session.Begin();
        for (int i = 0; i < Count; i++)
        {
            var vector = new float[8];
            for (int j = 0; j < vector.Length; j++)
            {
                vector[j] = random.NextSingle() - 0.5f;
            }

            Value value = i % 11 == 0 ? Value.Null : Value.Of((ReadOnlyMemory<float>)vector);
            database.Session.Execute(statement, [Value.Of(i), Value.Of(i % 5), value]).Dispose();
        }

        Value query = Value.Of((ReadOnlyMemory<float>)new float[] { 1, -1, 2, 0, 0.5f, 1, 1, -2 });
        foreach (string metric in (string[])["<->", "<=>", "<#>", "<+>"])
        {
            string where = "FROM t WHERE g <> 2 AND id >= 100";
            string fused = database.Line(
                $"SELECT id {where} ORDER BY v {metric} ? LIMIT 20 OFFSET 2", query);
            string general = database.Line(
                $"SELECT id {where} ORDER BY (v {metric} ?) + 0.0 NULLS LAST, id "
                + "LIMIT 20 OFFSET 2",
                query);
            Assert.Equal(general, fused);
        }

        database.Session.Commit();
        Assert.Equal("455", database.Line(
            "SELECT count(*) FROM (SELECT id, v <-> ? AS d FROM t ORDER BY v <-> ?1 "
            + "LIMIT 5000) q WHERE d IS NULL",
            query));
    }
}
