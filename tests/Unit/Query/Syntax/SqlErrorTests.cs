using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Syntax errors say where, what was found and what would fit.</summary>
public sealed class SqlErrorTests
{
    [Theory]
    [InlineData(
        "SELECT * FORM items",
        "line 1, column 10: found 'FORM', expected FROM, ',', WHERE, INTO, GROUP, ORDER, "
        + "LIMIT or end of statement.")]
    [InlineData(
        "SELEC 1",
        "line 1, column 1: found 'SELEC', expected a statement. Did you mean SELECT?")]
    [InlineData(
        "SELECT a b c FROM t",
        "line 1, column 12: found 'c', expected FROM, ',', WHERE, INTO, GROUP, ORDER, LIMIT "
        + "or end of statement.")]
    [InlineData(
        "SELECT 1 +",
        "line 1, column 11: found end of statement, expected an expression.")]
    [InlineData(
        "SELECT (1",
        "line 1, column 10: found end of statement, expected an operator, ')' or ','.")]
    [InlineData(
        "SELECT a FROM t WHERE a BETWEEN 1",
        "line 1, column 33: BETWEEN needs AND and an upper bound after this.")]
    [InlineData(
        "SELECT a FROM t WHERE a BETWEEN 1 OR 2",
        "line 1, column 35: found 'OR', expected AND.")]
    [InlineData(
        "SELECT a FROM t WHERE a ESCAPE 'x'",
        "line 1, column 25: found 'ESCAPE', expected an operator.")]
    [InlineData(
        "SELECT a FROM t GROUP a",
        "line 1, column 23: found 'a', expected BY.")]
    [InlineData(
        "SELECT 'abc",
        "line 1, column 8: the text that begins here has no end '.")]
    [InlineData(
        "SELECT \"abc",
        "line 1, column 8: the quoted name that begins here has no end \".")]
    [InlineData(
        "SELECT /* abc",
        "line 1, column 8: the comment that begins here has no end '*/'.")]
    [InlineData(
        "SELECT X'0'",
        "line 1, column 8: a blob literal needs two hexadecimal digits for every byte.")]
    [InlineData(
        "SELECT X'0g'",
        "line 1, column 8: a blob literal holds hexadecimal digits only.")]
    [InlineData(
        "SELECT \"\"",
        "line 1, column 8: a quoted name may not be empty.")]
    [InlineData(
        "SELECT 12abc",
        "line 1, column 8: a number may not run into a name.")]
    [InlineData(
        "SELECT ?x",
        "line 1, column 8: a parameter '?' takes a number, not a name.")]
    [InlineData(
        "SELECT ?0",
        "line 1, column 8: a parameter number is from 1 to 32766.")]
    [InlineData(
        "SELECT $",
        "line 1, column 8: a parameter needs a name or a number after '$'.")]
    [InlineData(
        "SELECT ()",
        "line 1, column 9: found ')', expected an expression or a query.")]
    [InlineData(
        "SELECT EXISTS (1)",
        "line 1, column 15: expected a query in the brackets.")]
    [InlineData(
        "SELECT 0x11223344556677889",
        "line 1, column 8: a hexadecimal number has at most 16 digits.")]
    [InlineData(
        "SELECT VARCHAR(99999999999)::text, a::VARCHAR(99999999999)",
        "line 1, column 47: the size of a type is a whole number below 2147483648.")]
    [InlineData(
        "CREATE TABLE t (a",
        "line 1, column 18: found end of statement, expected a name, ')', ',', AS, "
        + "CHECK, CONSTRAINT, DEFAULT or NOT.")]
    [InlineData(
        "CREATE TABLE t (",
        "line 1, column 17: found end of statement, expected a name, ')', CHECK, CONSTRAINT, "
        + "LIKE, PRIMARY or UNIQUE.")]
    [InlineData(
        "CREATE VIEW v",
        "line 1, column 14: found end of statement, expected AS, '(' or '.'.")]
    [InlineData(
        "SELECT sum(a) OVER (ROWS 1) FROM t",
        "line 1, column 27: found ')', expected FOLLOWING, PRECEDING, ROW or double colon.")]
    [InlineData(
        "SELECT sum(a) OVER (ROWS CURRENT ROW EXCLUDE a) FROM t",
        "line 1, column 46: found 'a', expected CURRENT ROW, GROUP, TIES or NO OTHERS.")]
    [InlineData(
        "SELECT sum(a) OVER (ROWS a ROW) FROM t",
        "line 1, column 26: found 'a', expected CURRENT ROW, UNBOUNDED or an offset.")]
    [InlineData(
        "ALTER TABLE t MOVE c",
        "line 1, column 15: found 'MOVE', expected DROP, ADD, ALTER, RENAME or '.'.")]
    [InlineData(
        "UPDATE t SET a 5",
        "line 1, column 16: found '5', expected '='.")]
    [InlineData(
        "SELECT ((a) UNION SELECT 2 LIMIT 1)",
        "line 1, column 13: found 'UNION', expected ')'.")]
    [InlineData(
        "SELECT * FROM (a UNION SELECT 2)",
        "line 1, column 18: found 'UNION', expected ')'.")]
    [InlineData(
        "SELECT t.",
        "line 1, column 10: found end of statement, expected a name or '*'.")]
    [InlineData(
        "SELECT a \uff0c b",
        "line 1, column 10: unexpected character '\uff0c' (U+FF0C).")]
    [InlineData(
        "SELECT a FROM t LIMIT 1 LIMIT 2",
        "line 1, column 25: a query takes one LIMIT or FETCH and one OFFSET.")]
    [InlineData(
        "SELECT CASE a END",
        "line 1, column 15: found 'END', expected WHEN, a whole number, a text in single quotes, "
        + "'(', '[', '{' or '.'.")]
    [InlineData(
        "INSERT t VALUES (1)",
        "line 1, column 8: found 't', expected INTO or OR.")]
    [InlineData(
        "INSERT INTO t (a VALUES (1)",
        "line 1, column 18: found 'VALUES', expected ')' or ','.")]
    [InlineData(
        "DELETE t",
        "line 1, column 8: found 't', expected FROM.")]
    [InlineData(
        "DROP t",
        "line 1, column 6: found 't', expected TABLE, DOMAIN, FUNCTION, INDEX, MACRO, MODEL, "
        + "SCHEMA or SEQUENCE.")]
    [InlineData(
        "SELECT a FROM",
        "line 1, column 14: found end of statement, expected a name, VALUES, LATERAL or '('.")]
    [InlineData(
        "SELECT a FROM t ORDER a",
        "line 1, column 23: found 'a', expected BY.")]
    [InlineData(
        "SELECT 'a text that is much longer than the bound of forty characters' 'b' c",
        "line 1, column 72: found 'b', expected a name, FROM, ',', WHERE, INTO, AS, GROUP or "
        + "end of statement.")]
    [InlineData(
        "SELECT 1; SELECT 2 3 4",
        "line 1, column 20: found '3', expected a name, FROM, ',', WHERE, INTO, AS, GROUP or "
        + "end of statement.")]
    [InlineData(
        "SELECT a IS",
        "line 1, column 12: found end of statement, expected an expression or DISTINCT.")]
    [InlineData(
        "EXPLAIN EXPLAIN SELECT 1",
        "line 1, column 9: found 'EXPLAIN', expected a statement.")]
    [InlineData(
        "BEGIN foo",
        "line 1, column 7: found 'foo', expected DEFERRABLE, DEFERRED, EXCLUSIVE, IMMEDIATE, "
        + "ISOLATION, NOT, READ or end of statement.")]
    [InlineData(
        "SELECT count(* FROM t",
        "line 1, column 16: found 'FROM', expected ')'.")]
    [InlineData(
        "SELECT a FROM t WHER a = 1",
        "line 1, column 22: found 'a', expected ',', WHERE, GROUP, ORDER, LIMIT, JOIN, HAVING "
        + "or end of statement.")]
    [InlineData(
        "SELECT a FROM t WHERE a =",
        "line 1, column 26: found end of statement, expected an expression.")]
    public void An_error_says_where_and_what_would_fit(string sql, string expected)
    {
        SyntaxException error = Assert.Throws<SyntaxException>(() => SqlParser.Parse(sql));

        Assert.Equal($"Syntax error at {expected}", error.Message);
        Assert.Equal(ErrorCode.SyntaxError, error.Code);
        Assert.True(error.Position.IsKnown);
    }

    [Fact]
    public void An_error_on_a_later_line_names_that_line()
    {
        string sql = "SELECT 'two\nlines', /* and\nmore */ a\nFORM t WHERE";

        SyntaxException error = Assert.Throws<SyntaxException>(() => SqlParser.Parse(sql));

        Assert.Equal(new SourcePosition(4, 6, 1), error.Position);
    }
}
