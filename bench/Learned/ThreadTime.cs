using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// The processor time of an action on this thread, so that what else runs on the machine takes only
/// its share of the caches; wall time where the system does not tell.
/// </summary>
internal static partial class ThreadTime
{
    private const int ThreadClock = 3;

    /// <summary>How long an action takes, in nanoseconds.</summary>
    public static double Of(Action action)
    {
        if (!OperatingSystem.IsLinux())
        {
            long start = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        double before = Now();
        action();
        return Now() - before;
    }

    /// <summary>The processor time of this thread so far, in nanoseconds; Linux only.</summary>
    public static double Now()
    {
        _ = GetTime(ThreadClock, out TimeParts parts);
        return (parts.Seconds * 1e9) + parts.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeParts parts);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeParts
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
