namespace NeuroDb.Tests.Unit;

/// <summary>
/// Window functions over one partition that does not fit memory give what they give in memory.
/// </summary>
public sealed class SpilledWindowTests
{
    private static readonly string[] Functions =
    [
        "row_number()", "rank()", "dense_rank()", "percent_rank()", "cume_dist()", "ntile(7)",
        "ntile(50000)", "lag(s)", "lag(n, 3000, -1)", "lead(id, 2500)", "lead(n) IGNORE NULLS",
        "lag(n, 2) IGNORE NULLS", "lead(s, k, 'none')", "lag(id, 0)", "first_value(s)",
        "last_value(id)", "last_value(n) IGNORE NULLS", "nth_value(n, 3) IGNORE NULLS",
        "nth_value(id, 2000)", "count(*)", "sum(n)", "sum(m)", "min(d)", "max(s)", "avg(k)",
        "count(n) FILTER (WHERE k > 500)",
    ];

    private static readonly string[] Frames =
    [
        "", "ROWS UNBOUNDED PRECEDING", "ROWS BETWEEN 3 PRECEDING AND 2 FOLLOWING",
        "ROWS BETWEEN 5000 PRECEDING AND 10 PRECEDING",
        "ROWS BETWEEN 10 FOLLOWING AND 9000 FOLLOWING",
        "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
        "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
        "ROWS BETWEEN 4 PRECEDING AND 4 FOLLOWING EXCLUDE CURRENT ROW",
        "GROUPS BETWEEN 2 PRECEDING AND 1 FOLLOWING",
        "GROUPS BETWEEN 1 FOLLOWING AND 3 FOLLOWING EXCLUDE TIES",
        "RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE GROUP",
        "RANGE BETWEEN 20 PRECEDING AND 7 FOLLOWING",
        "RANGE BETWEEN 9 FOLLOWING AND 12 FOLLOWING",
    ];

    private static readonly string[] Orders =
    [
        "", "ORDER BY id", "ORDER BY n", "ORDER BY n DESC NULLS LAST", "ORDER BY n NULLS LAST",
    ];

    private static readonly string[] Partitions =
    [
        "", "PARTITION BY k * 0", "PARTITION BY CASE WHEN id < 9000 THEN 1 END",
        "PARTITION BY id % 3",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_partition_on_disk_gives_what_it_gives_in_memory(int seed)
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.Open(folder.Path);
        using Session session = database.OpenSession();
        session.Execute(
            "CREATE TABLE b (id BIGINT PRIMARY KEY, k INTEGER, n INTEGER, d DOUBLE PRECISION, "
            + "m DECIMAL(12, 2), s TEXT)");
        session.Execute(
            "INSERT INTO b SELECT g, g * 7919 % 1000, CASE WHEN g % 3 > 0 THEN g * 31 % 700 END, "
            + "(g * 31 % 5003) / 8e0, (g * 37 % 20011) / 100.0, 'v' || CAST(g % 530 AS TEXT) "
            + "FROM generate_series(1, 12000) AS s(g)");
        var random = new Random(seed);
        for (int i = 0; i < 25; i++)
        {
            string sql = Statement(random);
            session.Execute("SET operator_memory = 1000000000");
            string expected = string.Join('\n', Rows(session, sql));
            session.Execute("SET operator_memory = 65536");
            Assert.Equal((sql, expected), (sql, string.Join('\n', Rows(session, sql))));
            Assert.Contains(
                "on disk",
                string.Join('\n', Rows(session, "EXPLAIN ANALYZE " + sql)),
                StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "temp")));
    }

    private static string Statement(Random random)
    {
        string partition = Partitions[random.Next(Partitions.Length)];
        string order = Orders[random.Next(Orders.Length)];
        var items = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            string function = Functions[random.Next(Functions.Length)];
            string frame = Frames[random.Next(Frames.Length)];

            // GROUPS and distances of RANGE need an order, of integers here.
            bool fits = order != "" || !(frame.StartsWith("GROUPS", StringComparison.Ordinal)
                || frame.StartsWith("RANGE", StringComparison.Ordinal));
            items.Add($"{function} OVER ({partition} {order} {(fits ? frame : "")})");
        }

        // Which of equal rows comes first is the same on disk and in memory.
        return $"SELECT id, {string.Join(", ", items)} FROM b";
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

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
