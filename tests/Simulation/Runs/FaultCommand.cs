using System.Diagnostics;

namespace NeuroDb.Tests.Simulation;

/// <summary>The commands that run workloads on disks that fail or are full.</summary>
internal static class FaultCommand
{
    private const int HangSeconds = 60;
    private const int ProgressPeriodMs = 5_000;

    /// <summary>Runs every case of so many seeds.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Arguments options, bool isSpace)
    {
        ulong seed = (ulong)options.Number("--seed", 1);
        long seeds = options.Number("--seeds", 1);
        int threadCount = (int)options.Number("--threads", Environment.ProcessorCount);
        int stepBytes = (int)options.Number("--step", 4096);
        long runs = 0;
        long failures = 0;
        for (ulong own = seed; own < seed + (ulong)seeds; own++)
        {
            List<FaultCase> cases = isSpace
                ? FaultRun.CasesOfSpace(own, "/counted", stepBytes)
                : FaultRun.CasesOfCalls(own, "/counted");
            failures += RunAll(cases, threadCount);
            runs += cases.Count;
        }

        Console.WriteLine($"runs={runs} failures={failures} seed={seed}");
        return failures == 0 ? 0 : 1;
    }

    /// <summary>Runs one case again.</summary>
    /// <returns>The exit code.</returns>
    public static int Replay(FaultCase faultCase)
    {
        string? fault = new FaultRun(faultCase, "/replayed") { Trace = Console.WriteLine }.Run();
        Console.WriteLine(fault ?? "nothing is wrong");
        return fault is null ? 0 : 1;
    }

    private static long RunAll(List<FaultCase> cases, int threadCount)
    {
        long start = Stopwatch.GetTimestamp();
        int next = -1;
        long failures = 0;
        var running = new (FaultCase? Case, long Since)[threadCount];
        var threads = new Thread[threadCount];
        for (int i = 0; i < threadCount; i++)
        {
            int own = i;
            threads[i] = new Thread(() =>
            {
                int number;
                while ((number = Interlocked.Increment(ref next)) < cases.Count)
                {
                    running[own] = (cases[number], Stopwatch.GetTimestamp());
                    if (new FaultRun(cases[number], $"/failing{own}").Run() is { } fault)
                    {
                        Interlocked.Increment(ref failures);
                        Console.WriteLine($"FAILED {ImageCommand.Prefix} {cases[number]}: {fault}");
                    }
                }

                running[own] = default;
            })
            { IsBackground = true };
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            while (!thread.Join(ProgressPeriodMs))
            {
                CheckHang(running);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                Console.WriteLine($"{seconds:F0} s: {next} of {cases.Count} runs");
            }
        }

        return failures;
    }

    private static void CheckHang((FaultCase? Case, long Since)[] running)
    {
        foreach ((FaultCase? faultCase, long since) in running)
        {
            if (faultCase is not null
                && Stopwatch.GetElapsedTime(since).TotalSeconds > HangSeconds)
            {
                Console.WriteLine($"FAILED {ImageCommand.Prefix} {faultCase}: it hangs");
                Environment.Exit(1);
            }
        }
    }
}
