using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>
/// The 22 queries of TPC-H over generated tables, beside DuckDB and SQLite in the same process.
/// The answers are compared row by row before anything is timed; a difference ends the bench.
/// </summary>
internal static class TpchBench
{
    private const int MinorFaultsField = 9;

    /// <summary>
    /// Options: --sf 0.1 --query N --rounds 3 --threads 2 --durable --sqlite-limit 60 --no-sqlite
    /// --no-duckdb --explain --compiler.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        double scale = double.Parse(
            arguments.Text("sf", "0.1")!, CultureInfo.InvariantCulture);
        int threads = arguments.Number("threads", 2);
        var report = new BenchReport(string.Create(
            CultureInfo.InvariantCulture, $"tpch: 22 queries at scale {scale}"));
        using TemporaryFolder? folder = arguments.Has("durable")
            ? new TemporaryFolder("tpch")
            : null;
        using var own = new NeuroTpch(folder?.File("db"), threads);
        using DuckDbTpch? duck =
            arguments.Has("no-duckdb") ? null : DuckDbTpch.TryCreate(threads);
        using SqliteTpch? sqlite = arguments.Has("no-sqlite")
            ? null
            : SqliteTpch.TryCreate(TimeSpan.FromSeconds(LimitSeconds(arguments)));
        ITpchSystem?[] wanted = [own, duck, sqlite];
        ITpchSystem[] systems = [.. wanted.OfType<ITpchSystem>()];
        long start = Stopwatch.GetTimestamp();
        new TpchGenerator(scale, systems).Run();
        double loadSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{threads} threads, all systems in memory, loaded together in {loadSeconds:F0} s"));
        Measure(arguments, report, systems, own, scale);
        report.Print(arguments);
    }

    private static void Measure(
        BenchArguments arguments,
        BenchReport report,
        ITpchSystem[] systems,
        NeuroTpch own,
        double scale)
    {
        report.Row(
            ["query", .. systems.SelectMany(static system => new[] { system.Name, "CPU ms" }),
                .. systems.Skip(1).Select(static system => "own / " + system.Name)]);
        List<double>[] ratios = [.. systems.Select(static _ => new List<double>())];
        List<double>[] processor = [.. systems.Select(static _ => new List<double>())];
        foreach (int query in Queries(arguments))
        {
            string sql = string.Format(
                CultureInfo.InvariantCulture, TpchQueries.All[query - 1], 0.0001 / scale);
            if (arguments.Has("compiler"))
            {
                WatchCompiler(query, sql, own, arguments.Number("rounds", 3));
            }

            Compare(query, sql, systems);
            TpchTime?[] times =
                [.. systems.Select(system => Time(system, sql, arguments.Number("rounds", 3)))];

            // Behind the rounds, so that the times are those of compiled code.
            if (arguments.Has("explain"))
            {
                Console.WriteLine(own.Explain(sql));
            }

            AddRow(report, query, systems, times, ratios, LimitSeconds(arguments) * 1000.0);
            for (int i = 1; i < times.Length; i++)
            {
                processor[i].Add(times[0]!.ProcessorMs
                    / (times[i]?.ProcessorMs ?? (LimitSeconds(arguments) * 1000.0)));
            }
        }

        for (int i = 1; i < systems.Length; i++)
        {
            string name = systems[i].Name.Split(' ')[0].ToLowerInvariant();
            double mean = Math.Exp(ratios[i].Average(Math.Log));
            double cores = Math.Exp(processor[i].Average(Math.Log));
            report.Note($"own / {systems[i].Name}: geometric mean {Timing.Cell(mean)}, worst "
                + $"{Timing.Cell(ratios[i].Max())}; of processor time {Timing.Cell(cores)}");
            report.Figure($"tpch_{name}_cpu_ratio", cores);
            report.Figure($"tpch_{name}_ratio", mean);
            report.Figure($"tpch_{name}_ratio_worst", ratios[i].Max());
        }
    }

    /// <summary>
    /// What the first runs of a query in this process cost: how much of it the compiler takes on
    /// the threads that wait for it, and the memory that is taken and touched for the first time.
    /// </summary>
    private static void WatchCompiler(int query, string sql, NeuroTpch own, int rounds)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"q{query}:");
        for (int i = 0; i <= rounds; i++)
        {
            TimeSpan compiling = JitInfo.GetCompilationTime(false);
            long methods = JitInfo.GetCompiledMethodCount(false);
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            long faults = PageFaults();
            long allocated = GC.GetTotalAllocatedBytes();
            long start = Stopwatch.GetTimestamp();
            own.Run(sql);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            TimeSpan used = Process.GetCurrentProcess().TotalProcessorTime - before;
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            faults = PageFaults() - faults;
            compiling = JitInfo.GetCompilationTime(false) - compiling;
            methods = JitInfo.GetCompiledMethodCount(false) - methods;
            line.Append(
                CultureInfo.InvariantCulture,
                $"  {elapsed:F1} ms, CPU {used.TotalMilliseconds:F0}")
                .Append(
                CultureInfo.InvariantCulture,
                $", {methods} methods {compiling.TotalMilliseconds:F0} ms")
                .Append(
                CultureInfo.InvariantCulture,
                $", {allocated / 1e6:F0} MB {faults} pages, gen2 {GC.CollectionCount(2)} |");
        }

        Console.WriteLine(line.ToString());
    }

    // The tenth field of the line of the process: pages that were touched for the first time.
    private static long PageFaults() => OperatingSystem.IsLinux()
        ? long.Parse(
            File.ReadAllText("/proc/self/stat").Split(' ')[MinorFaultsField],
            CultureInfo.InvariantCulture)
        : 0;

    private static int LimitSeconds(BenchArguments arguments) =>
        arguments.Number("sqlite-limit", 60);

    private static int[] Queries(BenchArguments arguments) =>
        arguments.Text("query", null) is { } list
            ? [.. list.Split(',').Select(
                static text => int.Parse(text, CultureInfo.InvariantCulture))]
            : [.. Enumerable.Range(1, TpchQueries.All.Length)];

    private static void Compare(int query, string sql, ITpchSystem[] systems)
    {
        List<string[]> found = systems[0].Run(sql)!;
        if (systems.Length > 1 && systems[1].Run(sql) is { } expected)
        {
            TpchAnswers.Compare(query, systems[1].Name, expected, found);
        }
    }

    private static TpchTime? Time(ITpchSystem system, string sql, int rounds)
    {
        double wall = double.PositiveInfinity;
        double processor = double.PositiveInfinity;
        for (int i = 0; i < rounds; i++)
        {
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            if (system.Run(sql) is null)
            {
                return null;
            }

            double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            TimeSpan used = Process.GetCurrentProcess().TotalProcessorTime - before;
            wall = Math.Min(wall, elapsed);
            processor = Math.Min(processor, used.TotalMilliseconds);

            // What takes long is long enough to be measured once.
            if (elapsed > 5000)
            {
                break;
            }
        }

        return new TpchTime(wall, processor);
    }

    private static void AddRow(
        BenchReport report,
        int query,
        ITpchSystem[] systems,
        TpchTime?[] times,
        List<double>[] ratios,
        double limitMs)
    {
        var cells = new List<string> { query.ToString(CultureInfo.InvariantCulture) };
        foreach (TpchTime? time in times)
        {
            cells.Add(time is null ? $"> {limitMs:N0}" : Timing.Cell(time.WallMs));
            cells.Add(time is null ? "-" : Timing.Cell(time.ProcessorMs));
        }

        for (int i = 1; i < systems.Length; i++)
        {
            double ratio = times[0]!.WallMs / (times[i]?.WallMs ?? limitMs);
            ratios[i].Add(ratio);
            cells.Add(Timing.Cell(ratio));
        }

        report.Detail($"q{query}_ms", times[0]!.WallMs);
        report.Row([.. cells]);
        Console.Error.WriteLine(string.Join("  ", cells));
    }
}
