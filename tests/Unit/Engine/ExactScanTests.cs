using System.Text.RegularExpressions;

namespace NeuroDb.Tests.Unit;

/// <summary>The exact search of a large column without an index, through SQL.</summary>
public sealed partial class ExactScanTests
{
    private const int Dimension = 128;
    private const int RowCount = 70_000;

    [Fact]
    public void The_third_scan_reads_bytes_and_gives_the_same_rows_and_distances()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        Fill(database);
        using Session session = database.OpenSession();
        float[] query = Vector(5, spread: 5);
        string first = Rows(session, query);
        Assert.Equal((RowCount, 0), Scanned(session, query));
        Assert.Equal(first, Rows(session, query));
        (long rows, long byteRows) = Scanned(session, query);
        Assert.Equal(RowCount, rows);
        Assert.InRange(byteRows, RowCount / 2, RowCount);
        Assert.Equal(first, Rows(session, query));
    }

    private static void Fill(NeuroStore database)
    {
        database.Execute($"CREATE TABLE items (id BIGINT PRIMARY KEY, vec VECTOR({Dimension}))");
        using Appender appender = database.CreateAppender("items");
        for (int i = 0; i < RowCount; i++)
        {
            appender.Append((long)i);
            appender.Append(Vector(i, spread: i % 11).AsMemory());
            appender.EndRow();
        }

        appender.Complete();
    }

    private static string Rows(Session session, float[] query)
    {
        using ResultReader result = session.Query(
            "SELECT id, vec <-> $1 FROM items ORDER BY vec <-> $1 LIMIT 10", query);
        var rows = new List<string>();
        while (result.Read())
        {
            rows.Add($"{result.GetInt64(0)} {result.GetDouble(1):R}");
        }

        Assert.Equal(10, rows.Count);
        return string.Join('\n', rows);
    }

    private static (long Rows, long ByteRows) Scanned(Session session, float[] query)
    {
        using ResultReader result = session.Query(
            "EXPLAIN ANALYZE SELECT id FROM items ORDER BY vec <-> ? LIMIT 10", query);
        var lines = new List<string>();
        while (result.Read())
        {
            lines.Add(result.GetString(0));
        }

        Match scan = ScanLine().Match(string.Join('\n', lines));
        Assert.True(scan.Success);
        return (long.Parse(scan.Groups[1].Value, null), long.Parse(scan.Groups[2].Value, null));
    }

    private static float[] Vector(int seed, int spread)
    {
        var random = new Random(seed);
        var vector = new float[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            vector[i] = (random.NextSingle() * (spread + 1)) + spread;
        }

        return vector;
    }

    [GeneratedRegex("scan: ([0-9]+) rows, ([0-9]+) of them as bytes")]
    private static partial Regex ScanLine();
}
