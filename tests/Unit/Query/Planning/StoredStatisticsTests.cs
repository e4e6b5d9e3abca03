using NeuroDb.Query;
using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>What the planner knows of a database that was closed, killed or copied.</summary>
public sealed class StoredStatisticsTests
{
    private const string Join =
        "SELECT count(*) FROM post, owner WHERE post.owner = owner.id AND post.score < 20";

    private static readonly string[] Tables =
    [
        "CREATE TABLE owner (id BIGINT PRIMARY KEY, fame BIGINT, name TEXT)",
        "CREATE TABLE post (id BIGINT PRIMARY KEY, owner BIGINT, score DOUBLE, at TIMESTAMP, "
            + "price DECIMAL(10, 2), doc JSON, v VECTOR(3))",
        "INSERT INTO owner SELECT i, 100000 / i, 'name ' || i % 50 "
            + "FROM generate_series(1, 4000) AS g(i)",
        "INSERT INTO post SELECT i, 1 + (i * 7919 % 20011) * (i * 7919 % 20011) / 100200, "
            + "CASE WHEN i % 9 > 0 THEN i % 97 END, "
            + "TIMESTAMP '2024-01-01' + i * INTERVAL '1 hour', i % 1000, "
            + "CAST('{\"a\": ' || i % 7 || '}' AS JSON), "
            + "CAST('[1,2,3]' AS VECTOR(3)) "
            + "FROM generate_series(1, 20000) AS g(i)",
    ];

    // By the sample, by counts and histograms that the sample lacks, and by bins.
    private static readonly string[] Queries =
    [
        "SELECT id FROM post WHERE score < 10",
        "SELECT id FROM post WHERE price = 17 AND at < TIMESTAMP '2024-02-01'",
        "SELECT id FROM post WHERE id < 3",
        "SELECT id FROM owner WHERE name = 'name 7'",
        "SELECT id FROM owner WHERE fame = 50",
        "SELECT id FROM post WHERE doc ->> 'a' = '3'",
        "SELECT owner, count(*) FROM post GROUP BY owner",
        "SELECT count(*) FROM post a, post b WHERE a.owner = b.owner",
        Join,
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plans_expect_the_same_after_opening_as_before(bool isEncrypted)
    {
        using EncryptionKey? key = isEncrypted ? EncryptionKey.FromBytes(new byte[32]) : null;
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (QueryFixture database = Open(disk, key, [.. Tables, "ANALYZE"]))
        {
            before = Explain(database);
            Assert.Contains(before, static plan => plan.Contains("by bins"));
            Assert.Contains(before, static plan => plan.Contains("by histogram"));
            Assert.DoesNotContain(before, static plan => plan.Contains("by default"));
        }

        for (int round = 0; round < 2; round++)
        {
            using QueryFixture opened = Open(disk, key);
            Assert.Equal(before, Explain(opened));
        }
    }

    [Fact]
    public void A_kill_or_a_loss_of_power_after_ANALYZE_takes_nothing_away()
    {
        var disk = new MemoryFileSystem();
        string[] before;
        int done;
        using (QueryFixture database = Open(disk, null, [.. Tables, "ANALYZE"]))
        {
            before = Explain(database);
            done = disk.OperationCount;
        }

        foreach (MemoryFileSystem image in new[]
            { disk.AfterKill(done), disk.AfterPowerLoss(done, 0), disk.AfterPowerLoss(done, 9) })
        {
            using QueryFixture opened = Open(image, null);
            Assert.Equal(before, Explain(opened));
        }
    }

    [Fact]
    public void A_backup_takes_the_statistics_along()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (QueryFixture database = Open(disk, null, [.. Tables, "ANALYZE"]))
        {
            before = Explain(database);
            database.Rows("BACKUP TO '/copy'");
            database.Rows("VACUUM INTO '/compact'");
        }

        foreach (string path in new[] { "/copy", "/compact" })
        {
            using var copy = new QueryFixture(QueryEngine.Open(
                Seams(disk), path, new QueryEngineOptions()));
            Assert.Equal(before, Explain(copy));
        }
    }

    [Fact]
    public void What_a_measured_run_gave_holds_after_opening_until_a_row_changes()
    {
        foreach (string change in new[]
            {
                "UPDATE owner SET fame = fame WHERE id = 1", "DELETE FROM post WHERE id = 7",
                "INSERT INTO owner VALUES (9999, 1, 'x')",
            })
        {
            var disk = new MemoryFileSystem(keepsJournal: false);
            using (QueryFixture database = Open(disk, null, Tables))
            {
                database.Rows("EXPLAIN ANALYZE " + Join);
                Assert.Contains("by feedback", database.Explain(Join));
            }

            using (QueryFixture opened = Open(disk, null))
            {
                Assert.Contains("by feedback", opened.Explain(Join));
                opened.Rows(change);
                Assert.DoesNotContain("by feedback", opened.Explain(Join));
            }

            using QueryFixture again = Open(disk, null);
            Assert.DoesNotContain("by feedback", again.Explain(Join));
        }
    }

    [Theory]
    [InlineData("INSERT INTO post (id, score) SELECT id + 100000, score FROM post LIMIT 6000")]
    [InlineData("UPDATE post SET score = 90 WHERE id <= 6000")]
    [InlineData("DELETE FROM post WHERE id <= 6000")]
    public void A_fifth_of_the_rows_that_changed_ends_the_sample(string change)
    {
        const string Query = "SELECT id FROM post WHERE score >= 90";
        var disk = new MemoryFileSystem(keepsJournal: false);
        string before;
        using (QueryFixture database = Open(disk, null, [.. Tables, "ANALYZE"]))
        {
            before = database.Explain(Query);
            database.Rows(change);
        }

        using QueryFixture opened = Open(disk, null);
        Assert.NotEqual(before, opened.Explain(Query));
        int truth = opened.Rows(Query).Length;
        Assert.InRange(RowsOf(opened.Explain(Query)), truth * 0.6, truth * 1.6);
    }

    [Fact]
    public void A_table_of_the_same_name_is_another_table()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        Open(disk, null, [.. Tables, "ANALYZE"]).Dispose();
        using (QueryFixture database = Open(disk, null))
        {
            database.Rows("DROP TABLE owner");
            database.Rows(Tables[0]);
            database.Rows("INSERT INTO owner SELECT i, i % 2, 'name 7' "
                + "FROM generate_series(1, 4000) AS g(i)");
            Assert.InRange(
                RowsOf(database.Explain("SELECT id FROM owner WHERE name = 'name 7'")), 3999, 4001);
        }

        using QueryFixture opened = Open(disk, null);
        Assert.InRange(
            RowsOf(opened.Explain("SELECT id FROM owner WHERE name = 'name 7'")), 3999, 4001);
    }

    // Each part is damaged in turn: cut off, with another length, and with other bytes.
    [Fact]
    public void Damaged_statistics_are_none_and_an_alert_tells()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (QueryFixture database = Open(disk, null, [.. Tables, "ANALYZE"]))
        {
            database.Rows("EXPLAIN ANALYZE " + Join);
        }

        long[] parts =
        [
            StatisticsTable.SummaryPart, StatisticsTable.FeedbackPart, StatisticsTable.SampleOf(2),
            StatisticsTable.CountsOf(1), StatisticsTable.CountsOf(0),
        ];
        foreach (long part in parts)
        {
            for (int way = 0; way < 4; way++)
            {
                MemoryFileSystem damaged = disk.Copy();
                Damage(damaged, part, way);
                var engine = QueryEngine.Open(Seams(damaged), Root, new QueryEngineOptions());
                using var opened = new QueryFixture(engine);
                foreach (string query in Queries)
                {
                    Assert.Contains("about", opened.Explain(query));
                }

                Assert.True(way > 1 || engine.Storage.Alerts.Count > 0, $"{part} {way}");
                opened.Rows("ANALYZE");
                Assert.Contains("about", opened.Explain(Join));
            }
        }
    }

    [Fact]
    public void ANALYZE_removes_what_is_stored_of_tables_that_are_gone()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (QueryFixture database = Open(disk, null, [.. Tables, "ANALYZE", "DROP TABLE post"]))
        {
            database.Rows("ANALYZE owner");
        }

        using StorageEngine storage = StorageEngine.Open(Seams(disk), Root, new StorageOptions());
        using StorageTransaction transaction = storage.Begin();
        Assert.True(StatisticsTable.IsIn(transaction.Catalog));
        Assert.True(transaction.Catalog.TryGetTable("owner", out TableEntry owner));
        Assert.NotNull(
            StatisticsTable.Read(transaction, owner, StatisticsTable.SummaryPart));
        var dropped = new TableEntry(owner.Id + 1, owner.Schema);
        Assert.Null(StatisticsTable.Read(transaction, dropped, StatisticsTable.SummaryPart));
        Assert.Null(StatisticsTable.Read(transaction, dropped, StatisticsTable.SampleOf(0)));
    }

    [Fact]
    public void Temporary_tables_leave_nothing()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using QueryFixture database = Open(disk, null,
            "CREATE TEMPORARY TABLE t (id BIGINT)",
            "INSERT INTO t SELECT i FROM generate_series(1, 4000) AS g(i)",
            "ANALYZE t",
            "EXPLAIN ANALYZE SELECT * FROM t WHERE id < 9");
        Assert.Contains("by feedback", database.Explain("SELECT * FROM t WHERE id < 9"));
    }

    private static QueryFixture Open(
        MemoryFileSystem disk, EncryptionKey? key, params string[] statements) =>
        new(
            QueryEngine.Open(
                Seams(disk),
                Root,
                new QueryEngineOptions { Storage = new StorageOptions { Key = key } }),
            statements);

    private static string[] Explain(QueryFixture database) =>
        [.. Queries.Select(database.Explain)];

    private static double RowsOf(string plan)
    {
        string rest = plan[(plan.IndexOf("about ", StringComparison.Ordinal) + 6)..];
        return double.Parse(
            rest[..rest.IndexOf(' ')], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Damage(MemoryFileSystem disk, long part, int way)
    {
        using StorageEngine storage = StorageEngine.Open(Seams(disk), Root, new StorageOptions());
        using StorageTransaction transaction = storage.Begin();
        foreach (string name in new[] { "post", "owner" })
        {
            Assert.True(transaction.Catalog.TryGetTable(name, out TableEntry table));
            if (StatisticsTable.Read(transaction, table, part) is not { } data)
            {
                continue;
            }

            byte[] bad = way switch
            {
                0 => data[..^5],
                1 => [],
                2 => [.. data[..9], .. Enumerable.Repeat((byte)0xff, data.Length - 9)],
                _ => [.. data.Select(static (value, i) => (byte)(i == 0 ? value ^ 0x55 : value))],
            };
            StatisticsTable.Write(transaction, table, part, bad);
        }

        transaction.Commit(Durability.Full);
    }
}
