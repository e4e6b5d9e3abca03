using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Tests.Simulation;

/// <summary>The command that checks images of many workloads, on several threads.</summary>
internal static class ImageCommand
{
    /// <summary>What a line that replays a failure begins with.</summary>
    public const string Prefix =
        "dotnet run -c Release --project tests/Simulation --";

    private const int ProgressPeriodMs = 5_000;
    private const int PatiencePeriods = 36;

    /// <summary>Checks images until there are so many.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(
        ImageSubject subject, long count, ulong seed, int stride, int threadCount)
    {
        var counters = new RunCounters();
        var faults = new List<string>();
        long next = 0;
        long start = Stopwatch.GetTimestamp();
        var threads = new Thread[threadCount];
        for (int i = 0; i < threadCount; i++)
        {
            string root = $"/simulated{i}";
            threads[i] = new Thread(() =>
            {
                while (counters.ImageCount < count)
                {
                    ulong own = seed + (ulong)(Interlocked.Increment(ref next) - 1);
                    RunOne(subject, own, root, stride, counters, count, faults);
                }
            })
            { IsBackground = true };
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            var patience = new Patience(PatiencePeriods);
            while (!thread.Join(ProgressPeriodMs))
            {
                if (patience.IsOver(counters.ImageCount))
                {
                    Console.WriteLine($"FAILED {Prefix} --images {count} --seed {seed}: it hangs");
                    return 1;
                }

                Console.WriteLine(Progress(counters, start, next, threadCount));
            }
        }

        Console.WriteLine(Progress(counters, start, next, threadCount));
        Console.WriteLine($"images={counters.ImageCount} failures={faults.Count} seed={seed}");
        return faults.Count == 0 ? 0 : 1;
    }

    /// <summary>Checks one image again.</summary>
    /// <returns>The exit code.</returns>
    public static int Replay(ImageSubject subject, ulong seed, int image)
    {
        var faults = new List<string>();
        var run = new ImageRun(seed, "/simulated0", new RunCounters(), subject)
        {
            Only = image,
            Trace = Console.WriteLine,
        };
        run.Run();
        Report(run, faults);
        Console.WriteLine($"images=1 failures={faults.Count} seed={seed}");
        return faults.Count == 0 ? 0 : 1;
    }

    private static void RunOne(
        ImageSubject subject,
        ulong seed,
        string root,
        int stride,
        RunCounters counters,
        long count,
        List<string> faults)
    {
        var run = new ImageRun(seed, root, counters, subject)
        {
            Stride = stride,
            GoesOn = () => counters.ImageCount < count,
        };
        run.Run();
        Report(run, faults);
    }

    private static void Report(ImageRun run, List<string> faults)
    {
        lock (faults)
        {
            foreach (string fault in run.Faults)
            {
                faults.Add(fault);
                Console.WriteLine($"FAILED {Prefix} {fault}");
            }
        }
    }

    private static string Progress(
        RunCounters counters, long start, long workloads, int threadCount)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        double busy = elapsed.TotalSeconds * threadCount;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds:F0} s: {counters.ImageCount} images of {workloads} workloads, "
            + $"{counters.ImageCount / elapsed.TotalSeconds:F0} images/s, opening "
            + $"{counters.OpenTime.TotalSeconds / busy:P0}, closing "
            + $"{counters.CloseTime.TotalSeconds / busy:P0}, {counters.RescueCount} rescues");
    }
}
