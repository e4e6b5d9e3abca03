using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>Statements and queries become trees.</summary>
public sealed class SqlStatementTests
{
    [Theory]
    [InlineData(
        "SELECT DISTINCT a AS x, t.*, b y FROM s.t AS u (p, q), v WHERE a > 1 GROUP BY a, b "
        + "HAVING count(*) > 1 ORDER BY 1 DESC NULLS LAST, b ASC, c LIMIT 10 OFFSET 5",
        "(Query (Select IsDistinct Items[a:x t.* b:y] From[(NamedTable s.t Alias=u "
        + "ColumnAliases[p q]) v] Where=(Greater a 1) GroupBy[a b] Having=(Greater (FunctionCall "
        + "count IsStar) 1)) OrderBy[(OrderItem 1 Descending Last) (OrderItem b Ascending) c] "
        + "Limit=10 Offset=5)")]
    [InlineData(
        "SELECT * FROM a JOIN b ON a.i = b.i LEFT OUTER JOIN c USING (i, j) CROSS JOIN d "
        + "NATURAL JOIN e RIGHT JOIN f ON 1 FULL JOIN g ON 2",
        "(Select Items[*] From[(Join Full (Join Right (Join Inner IsNatural (Join Cross (Join "
        + "Left (Join Inner a b On=(Equal a.i b.i)) c Using[i j]) d) e) f On=1) g On=2)])")]
    [InlineData(
        "SELECT * FROM (SELECT 1) AS x (a), (VALUES (1, 2), (3, 4)) y, f(1, k => 'x') AS g "
        + "(h), (a JOIN b ON 1)",
        "(Select Items[*] From[(DerivedTable Query=(Select Items[1]) Alias=x ColumnAliases[a]) "
        + "(DerivedTable Query=(Values Rows[[1 2] [3 4]]) Alias=y) (FunctionTable (FunctionCall "
        + "f Arguments[1 k=>'x']) Alias=g ColumnAliases[h]) (Join Inner a b On=1)])")]
    [InlineData(
        "SELECT * FROM ((SELECT 1) UNION ALL (SELECT 2) ORDER BY 1) z",
        "(Select Items[*] From[(DerivedTable Query=(Query (SetOperation Union IsAll "
        + "(NestedQuery Query=(Select Items[1])) (NestedQuery Query=(Select Items[2]))) "
        + "OrderBy[1]) Alias=z)])")]
    [InlineData(
        "SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4 ORDER BY 1 LIMIT 2, 3",
        "(Query (SetOperation Except IsAll (SetOperation Union (Select Items[1]) (SetOperation "
        + "Intersect (Select Items[2]) (Select Items[3]))) (Select Items[4])) OrderBy[1] Limit=3 "
        + "Offset=2)")]
    [InlineData(
        "(SELECT 1 LIMIT 1) UNION ALL (SELECT 2) LIMIT 1",
        "(Query (SetOperation Union IsAll (NestedQuery Query=(Query (Select Items[1]) "
        + "Limit=1)) (NestedQuery Query=(Select Items[2]))) Limit=1)")]
    [InlineData(
        "WITH a AS (SELECT 1), b (x, y) AS (SELECT 2, 3) SELECT * FROM a, b",
        "(Query With[(CommonTable a Query=(Select Items[1])) (CommonTable b Columns[x y] "
        + "Query=(Select Items[2 3]))] (Select Items[*] From[a b]))")]
    [InlineData(
        "SELECT a FROM t OFFSET 5 ROWS FETCH FIRST 3 ROWS ONLY",
        "(Query (Select Items[a] From[t]) Limit=3 Offset=5)")]
    [InlineData(
        "SELECT a FROM t FETCH NEXT ROW ONLY",
        "(Query (Select Items[a] From[t]) Limit=1)")]
    [InlineData(
        "SELECT a FROM t LIMIT ALL",
        "(Select Items[a] From[t])")]
    [InlineData(
        "VALUES (1, 'a'), (2, NULL) ORDER BY 1",
        "(Query (Values Rows[[1 'a'] [2 NULL]]) OrderBy[1])")]
    [InlineData(
        "INSERT INTO t VALUES (1, DEFAULT), (?, ?)",
        "(Insert t (Values Rows[[1 (Default)] [?1 ?2]]))")]
    [InlineData(
        "INSERT INTO s.t AS x (a, b) SELECT 1, 2 FROM u RETURNING a, *",
        "(Insert s.t Alias=x Columns[a b] (Select Items[1 2] From[u]) Returning[a *])")]
    [InlineData(
        "INSERT INTO t DEFAULT VALUES",
        "(Insert t)")]
    [InlineData(
        "INSERT INTO t (a) WITH c AS (SELECT 1) SELECT * FROM c",
        "(Insert t Columns[a] (Query With[(CommonTable c Query=(Select Items[1]))] (Select "
        + "Items[*] From[c])))")]
    [InlineData(
        "UPDATE t AS x SET a = a + 1, b = DEFAULT WHERE c = 1 RETURNING a AS z",
        "(Update t Alias=x Assignments[(Assignment a (Add a 1)) (Assignment b (Default))] "
        + "Where=(Equal c 1) Returning[a:z])")]
    [InlineData(
        "DELETE FROM t",
        "(Delete t)")]
    [InlineData(
        "DELETE FROM t x WHERE a IN (1) RETURNING *",
        "(Delete t Alias=x Where=(InList Operand=a Items[1]) Returning[*])")]
    [InlineData(
        "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY ASC AUTOINCREMENT, a VARCHAR(10) "
        + "NOT NULL DEFAULT 'x' UNIQUE, b, c DOUBLE PRECISION NULL CONSTRAINT pos CHECK (c >= "
        + "0), v VECTOR(3) DEFAULT (1 + 2) NOT NULL, d DECIMAL(10,2) DEFAULT -1, CONSTRAINT k "
        + "PRIMARY KEY (a, b), UNIQUE (c), CHECK (a <> b))",
        "(CreateTable t IfNotExists Columns[(ColumnDefinition id INTEGER "
        + "Constraints[(KeyConstraint IsPrimary IsAutoIncrement)]) (ColumnDefinition a "
        + "VARCHAR(10) Constraints[(NullConstraint) (DefaultConstraint 'x' \"'x'\") "
        + "(KeyConstraint)]) (ColumnDefinition b) (ColumnDefinition c DOUBLE_PRECISION "
        + "Constraints[(NullConstraint IsNullable) (CheckConstraint Name=pos (GreaterOrEqual c "
        + "0) \"c >= 0\")]) (ColumnDefinition v VECTOR(3) Constraints[(DefaultConstraint (Add 1 "
        + "2) \"1 + 2\") (NullConstraint)]) (ColumnDefinition d DECIMAL(10,2) "
        + "Constraints[(DefaultConstraint (Negate 1) \"-1\")])] Constraints[(KeyConstraint "
        + "Name=k IsPrimary Columns[a b]) (KeyConstraint Columns[c]) (CheckConstraint (NotEqual "
        + "a b) \"a <> b\")])")]
    [InlineData(
        "CREATE TABLE t AS SELECT 1 AS a",
        "(CreateTable t Query=(Select Items[1:a]))")]
    [InlineData(
        "DROP TABLE a, s.b",
        "(DropTable Tables[a s.b])")]
    [InlineData(
        "DROP TABLE IF EXISTS t",
        "(DropTable Tables[t] IfExists)")]
    [InlineData(
        "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a DESC, b)",
        "(CreateIndex i IfNotExists IsUnique t Columns[(IndexColumn a Descending) (IndexColumn "
        + "b)])")]
    [InlineData(
        "CREATE INDEX ON items USING vector (vec vector_cosine_ops) WITH (target_recall = "
        + "0.99, lists = auto)",
        "(CreateIndex items Method=vector Columns[(IndexColumn vec vector_cosine_ops)] "
        + "Options[(Option target_recall 0.99) (Option lists auto)])")]
    [InlineData(
        "DROP INDEX IF EXISTS i",
        "(DropIndex Indexes[i] IfExists)")]
    [InlineData(
        "BEGIN IMMEDIATE TRANSACTION",
        "(Begin)")]
    [InlineData(
        "START TRANSACTION",
        "(Begin)")]
    [InlineData(
        "COMMIT WORK",
        "(Commit)")]
    [InlineData(
        "END",
        "(Commit)")]
    [InlineData(
        "ROLLBACK",
        "(Rollback)")]
    [InlineData(
        "ROLLBACK TRANSACTION TO SAVEPOINT s",
        "(Rollback s)")]
    [InlineData(
        "SAVEPOINT s",
        "(Savepoint s)")]
    [InlineData(
        "RELEASE s",
        "(Release s)")]
    [InlineData(
        "RELEASE SAVEPOINT s",
        "(Release s)")]
    [InlineData(
        "EXPLAIN SELECT 1",
        "(Explain (Select Items[1]))")]
    [InlineData(
        "EXPLAIN QUERY PLAN DELETE FROM t",
        "(Explain (Delete t))")]
    [InlineData(
        "EXPLAIN ANALYZE SELECT 1",
        "(Explain IsAnalyze (Select Items[1]))")]
    [InlineData(
        "SET a.b = 'x'",
        "(Set a.b 'x')")]
    [InlineData(
        "SET ann TO off",
        "(Set ann off)")]
    [InlineData(
        "SET ann = on",
        "(Set ann on)")]
    [InlineData(
        "SET x = DEFAULT",
        "(Set x (Default))")]
    [InlineData(
        "SHOW ann",
        "(Show ann)")]
    [InlineData(
        "PRAGMA foreign_keys",
        "(Pragma foreign_keys)")]
    [InlineData(
        "PRAGMA foreign_keys = ON",
        "(Pragma foreign_keys ON)")]
    [InlineData(
        "PRAGMA table_info(t)",
        "(Pragma table_info t)")]
    public void Statements_become_trees(string sql, string expected)
    {
        StatementSyntax statement = Assert.Single(SqlParser.Parse(sql));

        Assert.Equal(expected, SyntaxText.Of(statement));
    }

    [Fact]
    public void A_script_is_cut_at_semicolons_and_empty_statements_are_skipped()
    {
        IReadOnlyList<StatementSyntax> statements =
            SqlParser.Parse(";; SELECT ';' AS a /* ; */; -- ;\n\n;INSERT INTO t VALUES (?);");

        Assert.Collection(
            statements,
            first => Assert.Equal("SELECT ';' AS a", first.Text),
            second =>
            {
                Assert.Equal("INSERT INTO t VALUES (?)", second.Text);
                Assert.Equal(new SourcePosition(3, 2, 24), second.Position);
                Assert.Equal(1, second.ParameterCount);
            });
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ;\t\n; -- nothing\n /* nothing */ ")]
    [InlineData("\ufeff")]
    public void An_empty_script_has_no_statements(string sql) =>
        Assert.Empty(SqlParser.Parse(sql));
}
