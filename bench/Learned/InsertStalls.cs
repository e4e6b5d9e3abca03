using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// Rows that come in an order far from that of their keys, without waiting for the device: how many
/// a second, and how long the longest commit takes, beside a durable write of the device. Each way
/// has a table of its own in a database of files, and one session; the first 2,000 commits, which
/// wait for the compiler, are not among the longest.
/// </summary>
internal static class InsertStalls
{
    private const int ManyRows = 100;
    private const int ReadEach = 1000;
    private const int DeviceWrites = 3000;

    // The first commits wait for the compiler.
    private const int WarmUpCommits = 2000;
    private const ulong Multiplier = 2_654_435_761;

    private static readonly (string Name, string Table, string? Index, int Rows, bool IsRead)[]
        Ways =
        [
            ("key, 1 row a commit", "BIGINT PRIMARY KEY", null, 1, false),
            ("key, 100 rows a commit", "BIGINT PRIMARY KEY", null, ManyRows, false),
            ("index, 1 row", "BIGINT", "INDEX", 1, false),
            ("index, 1 row, a reader each 1,000", "BIGINT", "INDEX", 1, true),
            ("unique index, 1 row", "BIGINT", "UNIQUE INDEX", 1, false),
            ("unique index, 100 rows", "BIGINT", "UNIQUE INDEX", ManyRows, false),
        ];

    /// <summary>Options: --count 4000000 --only 0,1,2,3,4,5.</summary>
    public static void Run(BenchArguments arguments)
    {
        int count = arguments.Number("count", 4_000_000);
        string[] only = (arguments.Text("only", null) ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries);
        var report = new BenchReport($"learned --inserts: {count:N0} rows, durability none");
        report.Row(
            "way", "rows/s", "CPU us a row", "p99.9 us", "longest ms", "longest CPU ms",
            "> device");
        using var folder = new TemporaryFolder("inserts");
        double device = DeviceP99(folder.File("raw"));
        double rate = double.PositiveInfinity;
        double longest = 0;
        for (int i = 0; i < Ways.Length; i++)
        {
            if (only.Length > 0
                && !only.Contains(i.ToString(CultureInfo.InvariantCulture)))
            {
                continue;
            }

            using NeuroStore database = NeuroStore.Open(folder.File("db" + i));
            Result result = Measure(database, Ways[i], count, device);
            rate = Math.Min(rate, result.Rate);
            longest = Math.Max(longest, result.LongestProcessorMs);
            report.Row(
                Ways[i].Name,
                result.Rate.ToString("N0", CultureInfo.InvariantCulture),
                Timing.Cell(result.ProcessorUs),
                Timing.Cell(result.P999Us),
                Timing.Cell(result.LongestMs),
                Timing.Cell(result.LongestProcessorMs),
                result.Longer.ToString(CultureInfo.InvariantCulture));
        }

        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"a durable write of 4 KiB takes {device:F3} ms at p99; the last column counts ")
            + "commits that took the thread longer than twice that");
        report.Figure("inserts_per_second", rate);
        report.Figure("longest_cpu_ms", longest);
        report.Figure("device_p99_ms", device);
        report.Print(arguments);
    }

    private static double DeviceP99(string path)
    {
        using var device = new RawWrites(path, 4096);
        var times = new double[DeviceWrites];
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            device.WriteNext();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return times.Order().ElementAt(times.Length * 99 / 100);
    }

    private static Result Measure(
        NeuroStore database,
        (string Name, string Table, string? Index, int Rows, bool IsRead) way,
        int count,
        double deviceMs)
    {
        database.Execute($"CREATE TABLE t (id {way.Table}, v BIGINT)");
        if (way.Index is not null)
        {
            database.Execute($"CREATE {way.Index} t_id ON t (id)");
        }

        using Session session = database.OpenSession();
        session.Execute("SET durability = 'none'");
        using Statement insert = session.Prepare("INSERT INTO t VALUES "
            + string.Join(", ", Enumerable.Repeat("(?, ?)", way.Rows)));
        using Statement select = session.Prepare("SELECT v FROM t WHERE id = ?");
        var values = new object?[2 * way.Rows];
        var wall = new double[count / way.Rows];
        var processor = new double[wall.Length];
        long row = 0;
        long started = Stopwatch.GetTimestamp();
        double startedCpu = ThreadTime.Now();
        for (int commit = 0; commit < wall.Length; commit++)
        {
            for (int i = 0; i < way.Rows; i++, row++)
            {
                insert.Bind(2 * i, KeyOf(row)).Bind((2 * i) + 1, row);
            }

            double cpu = ThreadTime.Now();
            long start = Stopwatch.GetTimestamp();
            insert.Execute();
            wall[commit] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            processor[commit] = (ThreadTime.Now() - cpu) / 1e6;
            if (way.IsRead && commit % ReadEach == 0)
            {
                using ResultReader found = select.Query(KeyOf(row / 2));
                if (!found.Read())
                {
                    throw new InvalidOperationException("a row that was inserted is not found");
                }
            }
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Result(
            row / seconds,
            (ThreadTime.Now() - startedCpu) / 1e3 / row,
            wall.Order().ElementAt((int)(wall.Length * 0.999)) * 1e3,
            wall.Skip(WarmUpCommits).Max(),
            processor.Skip(WarmUpCommits).Max(),
            processor.Skip(WarmUpCommits).Count(time => time > 2 * deviceMs));
    }

    private static long KeyOf(long row) => (long)((ulong)row * Multiplier % (1UL << 40));

    private readonly record struct Result(
        double Rate,
        double ProcessorUs,
        double P999Us,
        double LongestMs,
        double LongestProcessorMs,
        int Longer);
}
