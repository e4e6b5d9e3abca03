using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace NeuroDb.Bench;

/// <summary>
/// Rows that come in an order far from that of their keys, without waiting for the device: how many
/// a second, and how long the longest commit takes, beside a durable write of the device. Each way
/// has a table of its own in a database of files, and one session, after as many as a million rows
/// and a checkpoint in another one, for the compiler; the first 10,000 commits, but at most a
/// tenth, are not among the longest. Below them stands what holds up other programs in the same
/// run.
/// </summary>
internal static class InsertStalls
{
    private const int ManyRows = 100;
    private const int ReadEach = 1000;
    private const int DeviceWrites = 3000;

    // The first commits wait for the compiler.
    private const int WarmUpCommits = 10_000;
    private const int WarmUpRows = 1_000_000;
    private const ulong Multiplier = 2_654_435_761;

    private static readonly Way[] Ways =
    [
        new("key, 1 row a commit", "BIGINT PRIMARY KEY"),
        new("key, 100 rows a commit", "BIGINT PRIMARY KEY") { Rows = ManyRows },
        new("index, 1 row", "BIGINT", "INDEX"),
        new("index, 1 row, a reader each 1,000", "BIGINT", "INDEX") { IsRead = true },
        new("unique index, 1 row", "BIGINT", "UNIQUE INDEX"),
        new("unique index, 100 rows", "BIGINT", "UNIQUE INDEX") { Rows = ManyRows },
        new("key and a text, 1 row", "BIGINT PRIMARY KEY") { IsText = true },
    ];

    // The program has the texts already, of 10 to 73 characters.
    private static readonly string[] Texts = [.. Enumerable.Range(0, 1024).Select(
        static i => string.Create(
            CultureInfo.InvariantCulture, $"{i:D10}{new string('x', i % 64)}"))];

    // The stores take far longer for a row.
    private const int ReferenceCountMax = 1_000_000;

    /// <summary>
    /// Options: --count 4000000 --only 0,1,2,3,4,5,6 (7 for the others) --longest 20 (lists them).
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        int count = arguments.Number("count", 4_000_000);
        int longestCount = arguments.Number("longest", 0);
        string[] only = (arguments.Text("only", null) ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries);
        var report = new BenchReport($"learned --inserts: {count:N0} rows, durability none");
        report.Row(
            "way", "rows/s", "CPU us a row", "garbage B", "p50 us", "p99 us", "p99.99 us",
            "longest ms", "own ms", "> device");
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

            WarmUp(folder.File("warm" + i), Ways[i], Math.Min(count / 2, WarmUpRows));
            using NeuroStore database = NeuroStore.Open(folder.File("db" + i));
            using var watch = new StallWatch(count / Ways[i].Rows, WarmUpCommits);
            Create(database, Ways[i]);
            double found = Measured(
                report, Ways[i].Name, count, watch, device,
                () => Insert(database, Ways[i], 0, count, watch));
            NoteLongest(report, Ways[i].Name, watch, longestCount);
            rate = Math.Min(rate, found);
            longest = Math.Max(longest, watch.LongestOwnMs);
        }

        if (only.Length == 0 || only.Contains("7"))
        {
            foreach ((string name, int times, Action<int, StallWatch> run)
                in StallReferences.All(folder))
            {
                int steps = Math.Min(count, ReferenceCountMax) * times;
                using var watch = new StallWatch(steps, WarmUpCommits);
                _ = Measured(report, name, steps, watch, device, () => run(steps, watch));
                NoteLongest(report, name, watch, longestCount);
            }
        }

        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"a durable write of 4 KiB takes {device:F3} ms at p99; own ms leaves out when the ")
            + "thread was ready and others ran, or the machine had no processor; the last column "
            + "counts commits whose own time is longer than twice the device");
        report.Figure("inserts_per_second", rate);
        report.Figure("longest_own_ms", longest);
        report.Figure("device_p99_ms", device);
        report.Print(arguments);
    }

    private static void NoteLongest(
        BenchReport report, string name, StallWatch watch, int count)
    {
        foreach (string line in watch.Longest(count))
        {
            report.Note($"{name}: {line}");
        }
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

    // The compiler replaces what runs often by faster code, once, which no rate of long shows: of
    // layers compiled ahead after a second. A checkpoint is compiled too, when it is first run, and
    // so is the look into what it has written.
    private static void WarmUp(
        string path,
        Way way,
        int count)
    {
        using NeuroStore database = NeuroStore.Open(path);
        using Session session = database.OpenSession();
        Create(database, way);
        int half = count / 2;
        for (int first = 0; first < count; first += half)
        {
            using var watch = new StallWatch(half / way.Rows, WarmUpCommits);
            Insert(database, way, first, half, watch);
            session.Execute("CHECKPOINT");
        }
    }

    private static double Measured(
        BenchReport report, string name, int rows, StallWatch watch, double device, Action run)
    {
        // What was there before, the room for the times too, begins no collection meanwhile.
        GC.Collect();
        int[] collections = [.. Enumerable.Range(0, 3).Select(GC.CollectionCount)];
        TimeSpan paused = GC.GetTotalPauseDuration();
        long garbage = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        double startedCpu = ThreadTime.Now();
        run();
        double cpu = ThreadTime.Now() - startedCpu;
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        garbage = GC.GetAllocatedBytesForCurrentThread() - garbage;

        // Before the report, whose sorting makes garbage of its own.
        string counts = string.Join(" / ", collections.Select(
            static (before, i) => GC.CollectionCount(i) - before));
        paused = GC.GetTotalPauseDuration() - paused;
        report.Row(
            name,
            (rows / seconds).ToString("N0", CultureInfo.InvariantCulture),
            Timing.Cell(cpu / 1e3 / rows),
            (garbage / rows).ToString(CultureInfo.InvariantCulture),
            Timing.Cell(watch.PercentileUs(0.5)),
            Timing.Cell(watch.PercentileUs(0.99)),
            Timing.Cell(watch.PercentileUs(0.9999)),
            Timing.Cell(watch.LongestMs),
            Timing.Cell(watch.LongestOwnMs),
            watch.CountOver(2 * device).ToString(CultureInfo.InvariantCulture));
        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: collections {counts} in {paused.TotalMilliseconds:F0} ms of {
                seconds:F1} s; longer than 0.1 ms: {watch.Causes(0)}"));
        return rows / seconds;
    }

    private static void Create(NeuroStore database, Way way)
    {
        database.Execute(
            $"CREATE TABLE t (id {way.Key}, v {(way.IsText ? "TEXT" : "BIGINT")})");
        if (way.Index is not null)
        {
            database.Execute($"CREATE {way.Index} t_id ON t (id)");
        }
    }

    // Compiled whole at once: the compiler would stop the loop to replace it by a faster one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Insert(
        NeuroStore database,
        Way way,
        long first,
        int count,
        StallWatch watch)
    {
        using Session session = database.OpenSession();
        session.Execute("SET durability = 'none'");
        using Statement insert = session.Prepare("INSERT INTO t VALUES "
            + string.Join(", ", Enumerable.Repeat("(?, ?)", way.Rows)));
        using Statement select = session.Prepare("SELECT v FROM t WHERE id = ?");
        int commits = count / way.Rows;
        long row = first;
        watch.Begin();
        for (int commit = 0; commit < commits; commit++)
        {
            for (int i = 0; i < way.Rows; i++, row++)
            {
                insert.Bind(2 * i, KeyOf(row));
                if (way.IsText)
                {
                    insert.Bind((2 * i) + 1, Texts[row % Texts.Length]);
                }
                else
                {
                    insert.Bind((2 * i) + 1, row);
                }
            }

            insert.Execute();
            watch.Note();
            if (way.IsRead && commit % ReadEach == 0)
            {
                Look(select, KeyOf(row / 2));
                watch.Skip();
            }
        }
    }

    private static void Look(Statement select, long key)
    {
        using ResultReader found = select.Query(key);
        if (!found.Read())
        {
            throw new InvalidOperationException("a row that was inserted is not found");
        }
    }

    /// <summary>The key of a row: far from those of its neighbours.</summary>
    public static long KeyOf(long row) => (long)((ulong)row * Multiplier % (1UL << 40));

    // How rows come: the type of their key, the index over it, if any, the rows of a commit.
    private sealed record Way(string Name, string Key, string? Index = null)
    {
        public int Rows { get; init; } = 1;

        public bool IsRead { get; init; }

        public bool IsText { get; init; }
    }
}
