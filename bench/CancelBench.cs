using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// The time from a request to stop until the statement has ended, for statements of every kind
/// over a large table, each stopped at moments spread over its whole run. Processor time is of
/// the whole process, so that other work on the machine does not count.
/// </summary>
internal static class CancelBench
{
    private static readonly (string Name, string Sql)[] Statements =
    [
        ("sort", "SELECT id FROM t ORDER BY x, s"),
        ("sort, on disk", "SET operator_memory = 4000000; SELECT id, s FROM t ORDER BY x, s"),
        ("group", "SELECT s, count(*), sum(x) FROM t GROUP BY s"),
        ("join", "SELECT count(*), sum(a.x) FROM t a JOIN t b ON a.id = b.k WHERE b.x > a.x"),
        ("join, on disk", "SET operator_memory = 4000000; "
            + "SELECT count(*) FROM t a JOIN t b ON a.s = b.s AND a.id = b.id"),
        ("window", "SELECT max(r) FROM (SELECT rank() OVER (PARTITION BY k % 7 ORDER BY x) AS r, "
            + "sum(x) OVER (ORDER BY x ROWS BETWEEN 50 PRECEDING AND CURRENT ROW) FROM t) q"),
        ("distinct", "SELECT count(DISTINCT s), count(DISTINCT x) FROM t"),
        ("string_agg", "SELECT length(string_agg(s, ',' ORDER BY x DESC)) FROM t"),
        ("array_sort", "SELECT length(array_to_string(array_sort(array_agg(k)), ',')) FROM t"),
        ("like", "SELECT count(*) FROM t WHERE s LIKE '%9%1%7%' OR s LIKE '%3%3%3%'"),
        ("insert", "INSERT INTO other SELECT * FROM t"),
        ("update", "UPDATE t SET x = x + 1, s = s || '!'"),
        ("update of the key", "UPDATE t SET id = -id"),
        ("delete", "DELETE FROM t WHERE k % 3 <> 1"),
        ("create index", "CREATE INDEX i ON t (s, x)"),
        ("alter table", "ALTER TABLE t ALTER COLUMN k TYPE DECIMAL(20, 2)"),
        ("analyze", "ANALYZE t"),
        ("copy to", "COPY t TO 'out.csv'"),
        ("copy from", "COPY other FROM 'in.csv'"),
    ];

    /// <summary>Options: --rows 1000000 --rounds 8 --only NAME.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 1_000_000);
        int rounds = arguments.Number("rounds", 8);
        var report = new BenchReport(string.Create(
            CultureInfo.InvariantCulture, $"cancel: statements over {rows:N0} rows"));
        report.Row("statement", "whole, ms", "to stop, CPU ms, median", "worst", "worst, clock");
        using var folder = new TemporaryFolder("cancel");
        using NeuroStore database = NeuroStore.Open(
            folder.File("db"), new NeuroStoreOptions { FileRoots = [folder.Path] });
        Fill(database, rows, folder.File("in.csv"));
        double worst = 0;
        foreach ((string name, string sql) in Statements)
        {
            if (arguments.Text("only", null) is { } only && only != name)
            {
                continue;
            }

            string text = sql
                .Replace("out.csv", folder.File("out.csv"), StringComparison.Ordinal)
                .Replace("in.csv", folder.File("in.csv"), StringComparison.Ordinal);
            worst = Math.Max(worst, Measure(database, report, name, text, rounds));
        }

        report.Figure("cancel_worst_cpu_ms", worst);
        report.Print(arguments);
    }

    private static void Fill(NeuroStore database, int rows, string file)
    {
        const string Columns =
            "(id BIGINT PRIMARY KEY, k BIGINT, x DOUBLE PRECISION, s TEXT)";
        database.Execute("CREATE TABLE t " + Columns);
        database.Execute("CREATE TABLE other " + Columns);
        database.Execute(
            "INSERT INTO t SELECT i, i * 7919 % 1000003, (i * 31 % 500009) / 7e0, "
            + "'text ' || CAST(i * 37 % 700001 AS TEXT) "
            + $"FROM generate_series(1, {rows.ToString(CultureInfo.InvariantCulture)}) AS g(i)");
        database.Execute($"COPY t TO '{file}'");
    }

    private static double Measure(
        NeuroStore database, BenchReport report, string name, string sql, int rounds)
    {
        // The first run compiles code.
        _ = Once(database, sql, Timeout.InfiniteTimeSpan);
        double whole = Once(database, sql, Timeout.InfiniteTimeSpan).WallMs;
        var processor = new List<double>();
        double clock = 0;
        for (int i = 0; i < rounds; i++)
        {
            var (wallMs, processorMs) = Once(
                database, sql, TimeSpan.FromMilliseconds(whole * (i + 0.5) / rounds));
            processor.Add(processorMs);
            clock = Math.Max(clock, wallMs);
        }

        processor.Sort();
        report.Row(
            name,
            Timing.Cell(whole),
            Timing.Cell(processor[processor.Count / 2]),
            Timing.Cell(processor[^1]),
            Timing.Cell(clock));
        Console.Error.WriteLine($"{name}  {whole:F0}  {processor[^1]:F1}  {clock:F1}");
        return processor[^1];
    }

    // Without a moment to stop: the time of the whole statement.
    private static (double WallMs, double ProcessorMs) Once(
        NeuroStore database, string sql, TimeSpan until)
    {
        using Session session = database.OpenSession();
        using Transaction transaction = session.BeginTransaction();
        using var stop = new CancellationTokenSource();
        var process = Process.GetCurrentProcess();
        long start = Stopwatch.GetTimestamp();
        TimeSpan used = process.TotalProcessorTime;
        Task running = Task.Run(() => Execute(session, sql, stop.Token));
        if (until != Timeout.InfiniteTimeSpan && !running.Wait(until))
        {
            process.Refresh();
            used = process.TotalProcessorTime;
            start = Stopwatch.GetTimestamp();
            stop.Cancel();
        }
        else if (until != Timeout.InfiniteTimeSpan)
        {
            return (0, 0);
        }

        try
        {
            running.GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is OperationCanceledException
            or NeuroStoreException { Code: ErrorCode.Cancelled })
        {
            // That is what was asked for.
        }

        double wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - used).TotalMilliseconds);
    }

    private static void Execute(Session session, string sql, CancellationToken stop)
    {
        string[] parts = sql.Split("; ");
        foreach (string part in parts[..^1])
        {
            session.Execute(part);
        }

        if (parts[^1].StartsWith("SELECT", StringComparison.Ordinal))
        {
            using ResultReader reader =
                session.QueryAsync(parts[^1], null, stop).GetAwaiter().GetResult();
            while (reader.Read())
            {
            }
        }
        else
        {
            session.ExecuteAsync(parts[^1], null, stop).GetAwaiter().GetResult();
        }
    }
}
