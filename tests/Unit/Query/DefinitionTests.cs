using NeuroDb.Query;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Definitions that change, over logs, segments and beside other transactions.</summary>
public sealed class DefinitionTests
{
    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public void A_view_that_would_break_is_named_in_whole_sentences()
    {
        using QueryEngine engine = Open();
        using QuerySession session = engine.OpenSession();
        Run(session, "CREATE TABLE t (a INT, b INT); CREATE VIEW w AS SELECT a, b FROM t");
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => Run(session, "ALTER TABLE t DROP COLUMN b"));
        Assert.Equal(ErrorCode.DependentObjects, error.Code);
        Assert.Contains(". Drop that first", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Altered_tables_are_as_they_were_after_opening_again(
        bool hasCheckpoint, bool isFull)
    {
        string[] expected;
        using (QueryEngine engine = Open())
        {
            using QuerySession session = engine.OpenSession();
            Run(session, "CREATE TABLE t (id INTEGER PRIMARY KEY, gone TEXT, n INTEGER)");
            Run(session, "INSERT INTO t SELECT i, 'x' || i, i % 7 FROM generate_series(1, 6000) "
                + "AS g (i)");
            Checkpoint(engine, hasCheckpoint, false);
            Run(session, "ALTER TABLE t ADD COLUMN s TEXT DEFAULT 'first'");
            Run(session, "INSERT INTO t VALUES (7001, 'a', 1, 'own')");
            Run(session, "ALTER TABLE t DROP COLUMN gone, RENAME COLUMN n TO m");
            Checkpoint(engine, hasCheckpoint, isFull);
            Run(session, "ALTER TABLE t ADD COLUMN v VECTOR(3) DEFAULT '[1,2,3]', "
                + "ALTER COLUMN m SET NOT NULL");
            Run(session, "UPDATE t SET s = 'changed' WHERE id <= 3");
            Run(session, "CREATE VIEW w AS SELECT id, s, m FROM t WHERE m = 1");
            Run(session, "CREATE TABLE c (a INTEGER REFERENCES t ON DELETE CASCADE)");
            Run(session, "INSERT INTO c VALUES (1), (7001)");
            Run(session, "CREATE TRIGGER later AFTER DELETE ON c BEGIN DELETE FROM t WHERE "
                + "id = 5; END");
            Run(session, "CREATE SEQUENCE q; SELECT nextval('q'); SELECT nextval('q')");
            Checkpoint(engine, hasCheckpoint, isFull);
            expected = Answers(session);
        }

        using QueryEngine opened = Open();
        using QuerySession again = opened.OpenSession();
        Assert.Equal(expected, Answers(again));
        Assert.Equal("3", Text(again, "SELECT nextval('q')"));
        Assert.Empty(opened.Storage.Verify(isQuick: false, default));
        Run(again, "DELETE FROM t WHERE id = 1");
        Assert.Equal("1|0", Text(
            again, "SELECT (SELECT count(*) FROM c), (SELECT count(*) FROM t WHERE id = 5)"));
        opened.Storage.Checkpoint(isFull: true, default);
        Assert.Equal("first", Text(again, "SELECT s FROM t WHERE id = 100"));
        Assert.Empty(opened.Storage.Verify(isQuick: false, default));
    }

    [Fact]
    public void A_reader_keeps_the_definition_that_it_began_with()
    {
        using QueryEngine engine = Open();
        using QuerySession reader = engine.OpenSession();
        using QuerySession writer = engine.OpenSession();
        Run(writer, "CREATE TABLE t (a INTEGER, b INTEGER); INSERT INTO t VALUES (1, 2)");
        Run(reader, "BEGIN");
        Assert.Equal("1|2", Text(reader, "SELECT * FROM t"));
        Run(writer, "ALTER TABLE t ADD COLUMN c INTEGER DEFAULT 3, DROP COLUMN a");
        Run(writer, "INSERT INTO t VALUES (5, 6)");
        Assert.Equal("1|2", Text(reader, "SELECT * FROM t"));
        Run(reader, "COMMIT");
        Assert.Equal("2|3\n5|6", Text(reader, "SELECT * FROM t ORDER BY b"));
    }

    [Fact]
    public void A_writer_of_the_old_definition_loses()
    {
        using QueryEngine engine = Open();
        using QuerySession first = engine.OpenSession();
        using QuerySession second = engine.OpenSession();
        Run(first, "CREATE TABLE t (a INTEGER)");
        Run(first, "BEGIN; INSERT INTO t VALUES (1)");
        Run(second, "ALTER TABLE t ADD COLUMN b INTEGER");
        Assert.Throws<ConflictException>(() => Run(first, "COMMIT"));
        Assert.Equal("0", Text(first, "SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_constraint_is_not_added_over_rows_that_came_meanwhile()
    {
        using QueryEngine engine = Open();
        using QuerySession first = engine.OpenSession();
        using QuerySession second = engine.OpenSession();
        Run(first, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
        Run(first, "BEGIN; ALTER TABLE t ADD CHECK (a > 0)");
        Run(second, "INSERT INTO t VALUES (-1)");
        Assert.Throws<ConflictException>(() => Run(first, "COMMIT"));
    }

    [Fact]
    public void A_referenced_row_and_a_new_reference_do_not_miss_each_other()
    {
        using QueryEngine engine = Open();
        using QuerySession first = engine.OpenSession();
        using QuerySession second = engine.OpenSession();
        Run(first, "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1), (2)");
        Run(first, "CREATE TABLE c (p INTEGER REFERENCES p)");
        Run(first, "BEGIN; INSERT INTO c VALUES (1)");
        Run(second, "BEGIN; DELETE FROM p WHERE id = 1");
        Run(first, "COMMIT");
        Assert.Throws<ConflictException>(() => Run(second, "COMMIT"));

        Run(first, "BEGIN; INSERT INTO c VALUES (2)");
        Run(second, "DELETE FROM p WHERE id = 2");
        Assert.Throws<ConflictException>(() => Run(first, "COMMIT"));
        Assert.Equal("1", Text(first, "SELECT count(*) FROM p"));
    }

    [Fact]
    public void A_rename_and_a_new_table_of_the_name_go_together()
    {
        using (QueryEngine engine = Open())
        {
            using QuerySession session = engine.OpenSession();
            Run(session, "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)");
            Run(session, "CREATE TABLE b (x INTEGER); INSERT INTO b VALUES (2)");
            Run(session, "BEGIN; ALTER TABLE a RENAME TO old; ALTER TABLE b RENAME TO a; "
                + "ALTER TABLE old RENAME TO b; CREATE TABLE old (y INTEGER); COMMIT");
            Assert.Equal("2|1|0", Text(session, "SELECT (SELECT x FROM a), (SELECT x FROM b), "
                + "(SELECT count(*) FROM old)"));
        }

        using QueryEngine opened = Open();
        using QuerySession again = opened.OpenSession();
        Assert.Equal("2|1|0", Text(again, "SELECT (SELECT x FROM a), (SELECT x FROM b), "
            + "(SELECT count(*) FROM old)"));
    }

    [Fact]
    public void Numbers_of_a_sequence_never_come_twice_after_a_crash()
    {
        using QueryEngine engine = Open();
        using QuerySession session = engine.OpenSession();
        Run(session, "CREATE SEQUENCE q; CREATE TABLE t (id BIGINT DEFAULT nextval('q'))");
        for (int i = 0; i < 50; i++)
        {
            Run(session, "INSERT INTO t DEFAULT VALUES");
        }

        Assert.Equal("50", Text(session, "SELECT count(DISTINCT id) FROM t"));
        MemoryFileSystem image = _disk.Copy();
        using QueryEngine crashed = QueryEngine.Open(
            Seams(image), "/db", new QueryEngineOptions());
        using QuerySession after = crashed.OpenSession();
        Run(after, "INSERT INTO t DEFAULT VALUES");
        Assert.Equal("51", Text(after, "SELECT count(DISTINCT id) FROM t"));
    }

    [Fact]
    public void Temporary_tables_are_of_one_session_and_leave_nothing()
    {
        using (QueryEngine engine = Open())
        {
            using QuerySession first = engine.OpenSession();
            using QuerySession second = engine.OpenSession();
            Run(first, "CREATE TEMP TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
            Run(second, "CREATE TEMP TABLE t (b TEXT); INSERT INTO t VALUES ('x')");
            Assert.Equal("1", Text(first, "SELECT * FROM t"));
            Assert.Equal("x", Text(second, "SELECT * FROM t"));
            Assert.Equal("1", Text(first, "SELECT * FROM t"));
        }

        using QueryEngine opened = Open();
        using QuerySession again = opened.OpenSession();
        Assert.Throws<NeuroStoreException>(() => Run(again, "SELECT * FROM t"));
    }

    private static void Checkpoint(QueryEngine engine, bool isWanted, bool isFull)
    {
        if (isWanted)
        {
            engine.Storage.Checkpoint(isFull, default);
        }
    }

    private static string[] Answers(QuerySession session) =>
    [
        Text(session, "SELECT count(*), sum(id), min(s), max(s), count(v), sum(m) FROM t"),
        Text(session, "SELECT * FROM t WHERE id IN (1, 3, 4, 4096, 4097, 6000, 7001) ORDER BY id"),
        Text(session, "SELECT count(*), sum(id) FROM w"),
        Text(session, "SELECT id FROM t ORDER BY v <-> '[1,2,4]', id LIMIT 3"),
        Text(session, "SELECT s, count(*) FROM t GROUP BY s ORDER BY s"),
        Text(session, "SELECT type, name, sql FROM sqlite_master ORDER BY name"),
    ];

    private static void Run(QuerySession session, string sql)
    {
        foreach (PreparedStatement statement in session.Prepare(sql))
        {
            using StatementResult result = session.Execute(statement, []);
            result.Drain();
        }
    }

    private static string Text(QuerySession session, string sql)
    {
        var rows = new List<string>();
        using StatementResult result = session.Execute(session.Prepare(sql)[0], []);
        for (RowBatch? batch = result.Next(); batch is not null; batch = result.Next())
        {
            for (int row = 0; row < batch.Count; row++)
            {
                rows.Add(string.Join(
                    '|', batch.Columns.Select(column => ValueText.Format(column, row))));
            }
        }

        return string.Join('\n', rows);
    }

    private QueryEngine Open() =>
        QueryEngine.Open(Seams(_disk), "/db", new QueryEngineOptions());
}
