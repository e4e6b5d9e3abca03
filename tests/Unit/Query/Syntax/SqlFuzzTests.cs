using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Whatever the text, the parser gives a tree or one of its two errors.</summary>
public sealed class SqlFuzzTests
{
    private static readonly string[] Statements =
    [
        "SELECT DISTINCT a AS x, t.* FROM s.t AS u (p), v WHERE a > 1 GROUP BY a HAVING b",
        "SELECT * FROM a LEFT JOIN b ON a.i = b.i NATURAL JOIN c ORDER BY 1 DESC NULLS LAST",
        "WITH a AS (VALUES (1, 2)) (SELECT 1) UNION ALL SELECT * FROM (a) LIMIT 2, 3",
        "INSERT INTO t (a, b) VALUES (1, DEFAULT), (?1, :name) RETURNING a AS z, *",
        "UPDATE t AS x SET a = a + 1, b = DEFAULT WHERE c BETWEEN 1 AND 2 AND d NOT IN (3)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(10) DEFAULT 'x', CHECK (a <> b))",
        "CREATE INDEX ON t USING vector (v ops DESC) WITH (lists = 10, kind = 'x')",
        "SELECT CASE a WHEN 1 THEN X'0a' ELSE -b::int4 END, count(*) FILTER (WHERE c IS NULL)",
        "SELECT v <-> '[1,2]', CAST(a AS DOUBLE PRECISION), f(k => 2), EXISTS (SELECT 1)",
        "BEGIN; ROLLBACK TO SAVEPOINT s; EXPLAIN ANALYZE DELETE FROM t; SET a = on",
    ];

    private static readonly string[] Pieces =
    [
        "SELECT", "FROM", "WHERE", "(", ")", "(", ")", ",", ".", "*", "a", "t", "1", "1.5", "'x'",
        "\"q\"", "[b]", "?", ":p", "$1", "AND", "OR", "NOT", "BETWEEN", "IN", "IS", "NULL", "CASE",
        "WHEN", "THEN", "ELSE", "END", "CAST", "AS", "EXISTS", "UNION", "VALUES", "ORDER", "BY",
        "LIMIT", "OFFSET", "FETCH", "FIRST", "ROWS", "ONLY", "JOIN", "LEFT", "ON", "USING",
        "INSERT", "INTO", "DEFAULT", "UPDATE", "SET", "=", "DELETE", "CREATE", "TABLE", "INDEX",
        "PRIMARY", "KEY", "CHECK", "+", "-", "||", "<->", "::", "=>", "<", ";", "ESCAPE", "LIKE",
        "X'0'", "'", "/*", "--", "\n", "DISTINCT", "WITH", "RETURNING", "GROUP", "\ud800", "\0",
        "\u8868", "FILTER", "ASC", "NULLS", "PRAGMA", "EXPLAIN", "BEGIN", "END", "TO", "ALL",
    ];

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Random_tokens_give_a_tree_or_an_error(ulong seed)
    {
        SeededRandomSource random = new(seed);
        for (int round = 0; round < 1500; round++)
        {
            int count = 1 + Pick(random, 25);
            string sql = string.Join(
                ' ', Enumerable.Range(0, count).Select(_ => Pieces[Pick(random, Pieces.Length)]));
            AssertReadable(round % 2 == 0 ? sql : "SELECT " + sql);
        }
    }

    [Theory]
    [InlineData(4UL)]
    [InlineData(5UL)]
    [InlineData(6UL)]
    public void Damaged_statements_give_a_tree_or_an_error(ulong seed)
    {
        SeededRandomSource random = new(seed);
        for (int round = 0; round < 1500; round++)
        {
            string sql = Statements[Pick(random, Statements.Length)];
            int changes = 1 + Pick(random, 3);
            for (int i = 0; i < changes; i++)
            {
                int start = Pick(random, sql.Length);
                int length = Math.Min(Pick(random, 6), sql.Length - start);
                string piece = Pick(random, 2) == 0 ? "" : Pieces[Pick(random, Pieces.Length)];
                sql = string.Concat(sql.AsSpan(0, start), piece, sql.AsSpan(start + length));
            }

            AssertReadable(sql);
        }
    }

    [Fact]
    public void Every_beginning_of_a_statement_gives_a_tree_or_an_error()
    {
        foreach (string statement in Statements)
        {
            for (int length = 0; length <= statement.Length; length++)
            {
                AssertReadable(statement[..length]);
            }

            Assert.NotEmpty(SqlParser.Parse(statement));
        }
    }

    private static int Pick(SeededRandomSource random, int count) =>
        (int)(random.NextUInt64() % (ulong)count);

    private static void AssertReadable(string sql)
    {
        Exception? error = Record.Exception(() => SqlParser.Parse(sql));
        Assert.True(
            error is null or SyntaxException or ResourceLimitException, $"{sql}\n{error}");
        if (error is SyntaxException syntax)
        {
            Assert.True(syntax.Position.IsKnown, sql);
            Assert.True(syntax.Message.Length < 250, syntax.Message);
        }
    }
}
