namespace NeuroDb.Tests.Unit;

/// <summary>What operators give that put rows on disk is what they give in memory.</summary>
public sealed class SpillTests
{
    private static readonly string[] Queries =
    [
        "SELECT id, s, m FROM b ORDER BY s DESC, m, id",
        "SELECT id FROM b ORDER BY n NULLS LAST, d DESC, id",
        "SELECT s, k, count(*), sum(m), min(d), count(DISTINCT n) FROM b GROUP BY s, k",
        "SELECT id, count(*), max(s), sum(n) FROM b GROUP BY id",
        "SELECT DISTINCT m, s FROM b",
        "SELECT DISTINCT id, n FROM b",
        "SELECT x.id, y.s, y.m FROM b AS x JOIN b AS y ON x.id = y.k",
        "SELECT x.id, y.id, y.s FROM b AS x LEFT JOIN b AS y ON x.n = y.id AND y.k > 500",
        "SELECT x.id, y.id FROM b AS x FULL JOIN b AS y ON x.k = y.id",
        "SELECT x.id FROM b AS x WHERE EXISTS (SELECT 1 FROM b AS y WHERE y.k = x.id + 5)",
        "SELECT x.id FROM b AS x WHERE NOT EXISTS (SELECT 1 FROM b AS y WHERE y.k = x.id)",
        "SELECT id, sum(m) OVER (PARTITION BY s ORDER BY id), rank() OVER "
            + "(PARTITION BY s ORDER BY id), lag(d) OVER (PARTITION BY s ORDER BY id) FROM b",
        "SELECT id, count(*) OVER (PARTITION BY n), max(s) OVER (PARTITION BY n) FROM b",
        "SELECT id, row_number() OVER (PARTITION BY id % 2 ORDER BY d, id) FROM b",
        "SELECT id, sum(k) OVER (PARTITION BY k * 0 ORDER BY id) FROM b",
        "SELECT id / 3, string_agg(s, ',' ORDER BY id), approx_count_distinct(n) FROM b "
            + "GROUP BY id / 3",
        "SELECT id, array_agg(s), count(DISTINCT m) FROM b GROUP BY id",
        "SELECT s, k, count(*), sum(m), grouping(k) FROM b GROUP BY ROLLUP (s, k)",
        "SELECT id, k, max(s), count(n) FROM b GROUP BY GROUPING SETS ((id), (id, k), (), (k))",
        "SELECT id, n FROM b INTERSECT SELECT k, n FROM b",
        "SELECT id, n FROM b INTERSECT ALL SELECT id, n FROM b WHERE id % 3 <> 1",
        "SELECT k, n FROM b EXCEPT SELECT id, n FROM b",
        "SELECT k, n FROM b EXCEPT ALL SELECT k, n FROM b WHERE id % 3 <> 1",
        "SELECT id, m, s FROM b ORDER BY s, id LIMIT 5000",
        "WITH w AS (SELECT id, s, m FROM b WHERE k >= 0) "
            + "SELECT id, s FROM w UNION ALL SELECT id, 'x' FROM w WHERE m > 3",
        "WITH RECURSIVE r(i, s) AS (SELECT id, s FROM b UNION ALL "
            + "SELECT i + 20000, s FROM r WHERE i < 60000) SELECT i, s FROM r",
        "SELECT x.s, count(*) FROM b AS x JOIN b AS y ON x.s = y.s AND x.id = y.id GROUP BY x.s",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_on_disk_give_the_answers_of_rows_in_memory(bool isEncrypted)
    {
        using var folder = new TemporaryFolder();
        NeuroStoreOptions options = isEncrypted
            ? new NeuroStoreOptions { EncryptionKey = EncryptionKey.FromBytes(new byte[32]) }
            : new NeuroStoreOptions();
        using NeuroStore database = NeuroStore.Open(folder.Path, options);
        using Session session = database.OpenSession();
        Fill(session);
        foreach (string sql in Queries)
        {
            session.Execute("SET operator_memory = 1000000000");
            List<string> expected = Rows(session, sql);
            session.Execute("SET operator_memory = 65536");
            List<string> found = Rows(session, sql);
            if (sql.Contains("OVER", StringComparison.Ordinal)
                || sql.Contains("GROUP BY", StringComparison.Ordinal)
                || !sql.Contains("ORDER BY", StringComparison.Ordinal))
            {
                expected.Sort(StringComparer.Ordinal);
                found.Sort(StringComparer.Ordinal);
            }

            Assert.True(expected.Count > 0, sql);
            Assert.Equal((sql, string.Join('\n', expected)), (sql, string.Join('\n', found)));
            Assert.Contains(
                "on disk",
                string.Join('\n', Rows(session, "EXPLAIN ANALYZE " + sql)),
                StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "temp")));
    }

    [Fact]
    public void What_a_crash_has_left_is_deleted()
    {
        using var folder = new TemporaryFolder();
        string left = Path.Combine(folder.Path, "temp", "spill-1");
        using (NeuroStore database = NeuroStore.Open(folder.Path))
        {
            using Session session = database.OpenSession();
            Fill(session);
            Directory.CreateDirectory(Path.GetDirectoryName(left)!);
            File.WriteAllText(left, "rows");
        }

        using NeuroStore again = NeuroStore.Open(folder.Path);
        Assert.False(File.Exists(left));
        Assert.Empty(NeuroStoreIssues(folder.Path, again));
    }

    [Fact]
    public void A_query_that_is_given_up_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.Open(folder.Path);
        using Session session = database.OpenSession();
        Fill(session);
        session.Execute("SET operator_memory = 65536");
        foreach (string sql in Queries)
        {
            using ResultReader reader = session.Query(sql);
            Assert.True(reader.Read());
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "temp")));
    }

    private static IReadOnlyList<string> NeuroStoreIssues(string path, NeuroStore open)
    {
        open.Dispose();
        return [.. NeuroStore.Verify(path).Select(issue => issue.ToString())];
    }

    private static void Fill(Session session)
    {
        session.Execute(
            "CREATE TABLE b (id BIGINT PRIMARY KEY, k INTEGER, n INTEGER, d DOUBLE PRECISION, "
            + "m DECIMAL(12, 2), s TEXT)");
        session.Execute(
            "INSERT INTO b SELECT g, g * 7919 % 1000, CASE WHEN g % 3 = 0 THEN g % 1100 END, "
            + "(g * 31 % 5003) / 8e0, (g * 37 % 20011) / 100.0, 'v' || CAST(g % 530 AS TEXT) "
            + "FROM generate_series(1, 20000) AS s(g)");
    }

    private static List<string> Rows(Session session, string sql)
    {
        var rows = new List<string>();
        using ResultReader reader = session.Query(sql);
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(
                i => Convert.ToString(
                    reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))));
        }

        return rows;
    }
}
