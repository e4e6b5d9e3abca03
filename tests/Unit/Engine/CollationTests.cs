namespace NeuroDb.Tests.Unit;

/// <summary>Keys and indexes by collation, in the log and in segments.</summary>
public sealed class CollationTests
{
    [Fact]
    public void Keys_by_collation_hold_after_every_opening()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "db");
        for (int opening = 0; opening < 3; opening++)
        {
            using NeuroStore database = NeuroStore.Open(path);
            using Session session = database.OpenSession();
            if (opening == 0)
            {
                session.Execute(
                    "CREATE TABLE t (name TEXT COLLATE NOCASE PRIMARY KEY, "
                    + "word TEXT COLLATE UNICODE_NOCASE, n INT)");
                session.Execute("CREATE UNIQUE INDEX w ON t (word)");
                session.Execute("BEGIN");
                for (int i = 0; i < 5000; i++)
                {
                    session.Execute("INSERT INTO t VALUES (?, ?, ?)", $"Na{i}", $"\u00C4{i}", i);
                }

                session.Execute("COMMIT");
            }

            Assert.Equal(17, session.QueryScalar<int>("SELECT n FROM t WHERE name = ?", "nA17"));
            Assert.Equal(
                17, session.QueryScalar<int>("SELECT n FROM t WHERE word = ?", "\u00E417"));
            Assert.Equal("Na17", session.QueryScalar<string>(
                "SELECT name FROM t WHERE name IN ('NA17', 'x')"));
            Duplicate(session, "NA17", "new");
            Duplicate(session, "new", "\u00E417");
            session.Execute("INSERT INTO t VALUES ('na17', 'x', 1) ON CONFLICT (name) DO NOTHING");
            Assert.Equal(5000, session.QueryScalar<long>("SELECT count(*) FROM t"));
            session.Execute(opening == 0 ? "CHECKPOINT" : "VACUUM");
        }
    }

    private static void Duplicate(Session session, string name, string word)
    {
        ConstraintException error = Assert.Throws<ConstraintException>(() =>
            session.Execute("INSERT INTO t VALUES (?, ?, 0)", name, word));
        Assert.Equal(ErrorCode.UniqueViolation, error.Code);
    }
}
