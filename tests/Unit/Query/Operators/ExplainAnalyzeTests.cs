using System.Text.Json;
using System.Text.RegularExpressions;

namespace NeuroDb.Tests.Unit;

/// <summary>What EXPLAIN ANALYZE says of each operator.</summary>
public sealed class ExplainAnalyzeTests
{
    [Fact]
    public void Every_operator_says_its_rows_time_and_memory()
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)",
            "INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)");
        string[] lines = fixture.Rows(
            "EXPLAIN ANALYZE SELECT id FROM t WHERE v > 10 ORDER BY v DESC");
        Assert.Contains(lines, line => line.Contains("scan t", StringComparison.Ordinal)
            && line.Contains("(actual 2 rows in ", StringComparison.Ordinal)
            && line.Contains(" KiB, on cpu)", StringComparison.Ordinal));
        Assert.StartsWith("actual: 2 rows in ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_correlated_subquery_says_how_often_it_was_run()
    {
        using var fixture = new QueryFixture();
        string text = string.Join('\n', fixture.Rows(
            "EXPLAIN ANALYZE SELECT (SELECT max(j) FROM generate_series(1, i) AS b(j)) "
            + "FROM generate_series(1, 4) AS a(i)"));
        Assert.Contains("(actual 10 rows in ", text, StringComparison.Ordinal);
        Assert.Contains(", 4 times, on cpu)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_reached_says_so()
    {
        using var fixture = new QueryFixture("CREATE TABLE t (a INTEGER)");
        string text = string.Join('\n', fixture.Rows(
            "EXPLAIN ANALYZE SELECT (SELECT count(*) FROM t AS u) FROM t"));
        Assert.Contains("(never run)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_stands_in_json()
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1), (2)");
        string json = Assert.Single(fixture.Rows(
            "EXPLAIN (ANALYZE, FORMAT JSON) SELECT sum(a) FROM t"));
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement node = document.RootElement.GetProperty("plan");
        while (node.TryGetProperty("inputs", out JsonElement inputs))
        {
            Assert.Equal("cpu", node.GetProperty("device").GetString());
            Assert.True(node.GetProperty("timeMs").GetDouble() >= 0);
            node = inputs[0];
        }

        Assert.Equal("TableScan", node.GetProperty("operator").GetString());
        Assert.Equal(2, node.GetProperty("actualRows").GetInt64());
        Assert.Equal(2, node.GetProperty("estimatedRows").GetInt64());
        Assert.Equal(1, node.GetProperty("starts").GetInt64());
    }

    [Fact]
    public void A_change_says_how_many_keys_it_looked_up_together_and_what_it_found()
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, v INTEGER)",
            "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER CONSTRAINT c_p REFERENCES p "
            + "ON DELETE CASCADE)",
            "CREATE INDEX c_index ON c (p)",
            "INSERT INTO p SELECT g, g FROM generate_series(1, 100) AS s(g)");
        string[] lines = fixture.Rows(
            "EXPLAIN ANALYZE INSERT INTO p SELECT g, 0 FROM generate_series(91, 110) AS s(g) "
            + "ON CONFLICT (id) DO UPDATE SET v = 0");
        Assert.Contains(
            "  on conflict do update: batched lookup of p, primary key: id"
            + "  (actual 20 keys, 10 rows found)",
            lines);
        lines = fixture.Rows(
            "EXPLAIN ANALYZE INSERT INTO c SELECT g, g % 100 + 1 FROM generate_series(1, 30000) "
            + "AS s(g)");
        Assert.Contains(
            "  foreign key c_p: batched lookup of p, primary key: id = p"
            + "  (actual 100 keys, 100 rows found)",
            lines);
        lines = fixture.Rows("EXPLAIN ANALYZE DELETE FROM p WHERE id IN (1, 2, 3)");
        Assert.Contains(
            "  foreign key c_p of c, on delete cascade: batched lookup of c, index c_index: p"
            + "  (actual 3 keys, 900 rows found by lookup)",
            lines);
        lines = fixture.Rows("EXPLAIN ANALYZE INSERT INTO c VALUES (1, NULL), (100000, NULL)");
        Assert.Contains(
            "  unique: batched lookup of c, primary key: id  (actual 1 keys)", lines);
    }

    [Theory]
    [InlineData("UPDATE c SET v = v + 1", "")]
    [InlineData("UPDATE c SET p = 2", "foreign key c_p 1")]
    [InlineData("UPDATE c SET code = upper(code)", "unique key 100")]
    [InlineData("UPDATE c SET v = -v", "")]
    [InlineData("UPDATE c SET seen = true", "index c_seen 100")]
    [InlineData("UPDATE c SET id = id - 1", "primary key 100; index c_seen 100")]
    [InlineData("UPDATE p SET v = 1", "")]
    [InlineData("UPDATE p SET v = 1, id = 5 - id", "primary key 4; foreign key c_p")]
    [InlineData(
        "MERGE INTO c USING p ON c.id = p.id WHEN MATCHED THEN UPDATE SET v = p.v", "")]
    public void An_update_looks_up_only_keys_that_it_may_change(string update, string lookups)
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE p (id INTEGER CONSTRAINT p_pkey PRIMARY KEY, v INTEGER)",
            "CREATE TABLE c (id INTEGER CONSTRAINT c_pkey PRIMARY KEY, "
            + "code TEXT CONSTRAINT c_code_key UNIQUE, p INTEGER CONSTRAINT c_p REFERENCES p, "
            + "v INTEGER, seen BOOLEAN)",
            "CREATE UNIQUE INDEX c_seen ON c (id) WHERE seen",
            "INSERT INTO p SELECT g, g FROM generate_series(1, 4) AS s(g)",
            "INSERT INTO c SELECT g, 'c' || g, 1 + g % 4, g, true "
            + "FROM generate_series(1, 100) AS s(g)");
        string[] lines = fixture.Rows($"EXPLAIN ANALYZE {update}");
        Assert.Equal(lookups, string.Join("; ", lines.Select(Lookup).OfType<string>()));
    }

    [Fact]
    public void A_change_is_carried_out_and_measured()
    {
        using var fixture = new QueryFixture(
            "CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1), (2)");
        string[] lines = fixture.Rows("EXPLAIN ANALYZE DELETE FROM t WHERE a = 1");
        Assert.StartsWith("actual: 1 rows in ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(["1"], fixture.Rows("SELECT count(*) FROM t"));
    }

    // What a line of EXPLAIN ANALYZE says was looked up: a key of the table, its index or a
    // foreign key, and how many keys were sought.
    private static string? Lookup(string line)
    {
        Match found = Regex.Match(
            line,
            @"^ *(unique: batched lookup of \w+, (?<by>.*?): .*|(?<by>foreign key \w+).*)"
            + @"  \((actual (?<keys>\d+) keys.*|never run)\)$",
            RegexOptions.ExplicitCapture);
        return found.Success ? $"{found.Groups["by"]} {found.Groups["keys"]}".Trim() : null;
    }
}
