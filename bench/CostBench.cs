using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// What one operation costs the process: processor time of all threads and bytes allocated. Times
/// on a busy machine mean little; these hardly change.
/// </summary>
internal static class CostBench
{
    private const int WritersFew = 64;
    private const int WritersMany = 1024;
    private const int RangeRows = 100;
    private const int ListKeys = 1000;
    private const long FirstKeyNone = 1L << 30;
    private const long FirstKeyTasks = 1L << 40;

    /// <summary>
    /// Options: --rows 200000 --ms 1500 --only get,range,in,none,tasks64,tasks1024.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 200_000);
        int milliseconds = arguments.Number("ms", 1500);
        string[] only = (arguments.Text("only", null) ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries);
        var report = new BenchReport($"cost: one operation, {rows:N0} rows of 100 bytes");
        using var folder = new TemporaryFolder("cost");
        using NeuroStore database = NeuroStore.Open(folder.File("db"));
        byte[] value = new byte[RowPayload.SizeBytes];
        RowPayload.Fill(1, value);
        Load(database, rows);
        using Session session = database.OpenSession();
        report.Row("operation", "CPU us", "bytes", "writes", "per second");
        void Add(string name, Func<Cost> measure)
        {
            if (only.Length == 0 || only.Contains(name))
            {
                Cost cost = measure();
                report.Row(
                    name,
                    Cell(cost.ProcessorUs),
                    Cell(cost.Bytes),
                    Cell(cost.Writes),
                    $"{cost.Rate:N0}");
                report.Figure($"{name}_us", cost.ProcessorUs);
                report.Figure($"{name}_bytes", cost.Bytes);
            }
        }

        Add("get", () => OfGet(session, rows, milliseconds));
        Add("range", () => OfRange(session, rows, milliseconds));
        Add("in", () => OfList(session, rows, milliseconds));
        Add("none", () => OfUnwritten(session, value, milliseconds));
        Add("tasks64", () => OfTasks(database, value, WritersFew, milliseconds));
        Add("tasks1024", () => OfTasks(database, value, WritersMany, milliseconds));
        report.Print(arguments);
    }

    private static void Load(NeuroStore database, int rows)
    {
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, v BLOB)");
        using Appender appender = database.CreateAppender("t");
        byte[] value = new byte[RowPayload.SizeBytes];
        foreach (long key in RowPayload.ShuffledKeys(rows))
        {
            RowPayload.Fill(key, value);
            appender.Append(key);
            appender.Append(new ReadOnlyMemory<byte>(value));
            appender.EndRow();
        }

        appender.Complete();
    }

    private static Cost OfGet(Session session, int rows, int milliseconds)
    {
        using Statement get = session.Prepare("SELECT v FROM t WHERE id = ?");
        var random = new Random(11);
        return Repeat(milliseconds, 1000, () =>
        {
            using ResultReader reader = get.Bind(0, (long)random.Next(rows)).Query();
            return reader.Read() ? reader.GetBlob(0).Length : 0;
        });
    }

    private static Cost OfRange(Session session, int rows, int milliseconds)
    {
        using Statement range = session.Prepare(
            "SELECT id, v FROM t WHERE id BETWEEN ? AND ? ORDER BY id");
        var random = new Random(12);
        return Repeat(milliseconds, 100, () =>
        {
            long first = random.Next(rows - RangeRows);
            long sum = 0;
            using ResultReader reader =
                range.Bind(0, first).Bind(1, first + RangeRows - 1).Query();
            while (reader.Read())
            {
                sum += reader.GetInt64(0) + reader.GetBlob(1).Length;
            }

            return sum;
        });
    }

    // A key of a list is the operation.
    private static Cost OfList(Session session, int rows, int milliseconds)
    {
        string marks = string.Join(", ", Enumerable.Repeat("?", ListKeys));
        using Statement list = session.Prepare($"SELECT id FROM t WHERE id IN ({marks})");
        var random = new Random(13);
        Cost cost = Repeat(milliseconds, 5, () =>
        {
            for (int i = 0; i < ListKeys; i++)
            {
                list.Bind(i, (long)random.Next(rows));
            }

            long sum = 0;
            using ResultReader reader = list.Query();
            while (reader.Read())
            {
                sum += reader.GetInt64(0);
            }

            return sum;
        });
        return new Cost(
            cost.ProcessorUs / ListKeys, cost.Bytes / ListKeys, 0, cost.Rate * ListKeys);
    }

    private static Cost OfUnwritten(Session session, byte[] value, int milliseconds)
    {
        session.Execute("SET durability = 'none'");
        using Statement insert = session.Prepare("INSERT INTO t VALUES (?, ?)");
        long next = FirstKeyNone;
        Cost cost = Repeat(milliseconds, 1000, () => insert.Execute(next++, value));
        session.Execute("SET durability = 'full'");
        return cost;
    }

    private static Cost OfTasks(
        NeuroStore database, byte[] value, int writers, int milliseconds)
    {
        long first = FirstKeyTasks * writers;
        double rate = 0;
        Cost before = Cost.Now();
        Cost cost = default;
        rate = CommitRate.OfTasks(
            database, value, writers, first, milliseconds, milliseconds,
            () => before = Cost.Now(), count => cost = Cost.Since(before, count));
        return cost with { Rate = rate };
    }

    private static Cost Repeat(int milliseconds, int batch, Func<long> action)
    {
        long sum = 0;
        long done = 0;
        Cost before = default;
        for (int phase = 0; phase < 2; phase++)
        {
            before = Cost.Now();
            done = 0;
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
            {
                for (int i = 0; i < batch; i++)
                {
                    sum += action();
                }

                done += batch;
            }
        }

        GC.KeepAlive(sum);
        return Cost.Since(before, done) with { Rate = done * 1000.0 / milliseconds };
    }

    private static string Cell(double value) =>
        value.ToString(value < 10 ? "0.000" : "N0", CultureInfo.InvariantCulture);

    // Calls of the system that write, where the system counts them.
    private static double WriteCount()
    {
        const string CountFile = "/proc/self/io";
        const string Name = "syscw: ";
        string? line = File.Exists(CountFile)
            ? Array.Find(
                File.ReadAllLines(CountFile),
                static one => one.StartsWith(Name, StringComparison.Ordinal))
            : null;
        return line is null
            ? double.NaN
            : double.Parse(line.AsSpan(Name.Length), CultureInfo.InvariantCulture);
    }

    private readonly record struct Cost(
        double ProcessorUs, double Bytes, double Writes, double Rate)
    {
        public static Cost Now() => new(
            Environment.CpuUsage.TotalTime.TotalMicroseconds,
            GC.GetTotalAllocatedBytes(),
            WriteCount(),
            0);

        public static Cost Since(Cost before, long operations)
        {
            Cost now = Now();
            return new Cost(
                (now.ProcessorUs - before.ProcessorUs) / operations,
                (now.Bytes - before.Bytes) / operations,
                (now.Writes - before.Writes) / operations,
                0);
        }
    }
}
