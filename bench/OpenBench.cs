using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// The time from Open to the first answer in a process that has just started, over an existing
/// empty database, each time in a process of its own.
/// </summary>
internal static class OpenBench
{
    /// <summary>Options: --runs 7. With --child PATH it is the measured process.</summary>
    public static void Run(BenchArguments arguments)
    {
        if (arguments.Text("child", null) is string path)
        {
            Console.WriteLine(OpenOnce(path).ToString("R", CultureInfo.InvariantCulture));
            return;
        }

        using var folder = new TemporaryFolder("open");
        string database = folder.File("db");
        double create = RunChild(database);
        var times = new List<double>();
        for (int i = 0; i < arguments.Number("runs", 7); i++)
        {
            times.Add(RunChild(database));
        }

        times.Sort();
        var report = new BenchReport("open: first query after Open in a cold process");
        report.Row("what", "ms");
        report.Row("create and first query", Timing.Cell(create));
        report.Row("open and first query, median", Timing.Cell(times[times.Count / 2]));
        report.Row("open and first query, best", Timing.Cell(times[0]));
        report.Figure("first_query_ms", times[times.Count / 2]);
        report.Figure("create_ms", create);
        report.Print(arguments);
    }

    private static double OpenOnce(string path)
    {
        long start = Stopwatch.GetTimestamp();
        using NeuroStore database = NeuroStore.Open(path);
        long answer = database.QueryScalar<long>("SELECT 40 + 2");
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return answer == 42 ? elapsed : throw new InvalidOperationException("wrong answer");
    }

    private static double RunChild(string path)
    {
        string assembly = typeof(OpenBench).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, "open", "--child", path])
        {
            RedirectStandardOutput = true,
        };
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return double.Parse(output, CultureInfo.InvariantCulture);
    }
}
