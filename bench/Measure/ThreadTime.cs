using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// The processor time of the calling thread: what other processes of the machine take is not in
/// it. The clock on the wall stands in where the system does not know it.
/// </summary>
internal static class ThreadTime
{
    private const int ThreadClock = 3;

    /// <summary>Seconds since some moment.</summary>
    public static double Seconds
    {
        get
        {
            var time = new long[2];
            return OperatingSystem.IsLinux() && GetTime(ThreadClock, time) == 0
                ? time[0] + (time[1] * 1e-9)
                : System.Diagnostics.Stopwatch.GetTimestamp()
                    / (double)System.Diagnostics.Stopwatch.Frequency;
        }
    }

    /// <summary>The least seconds of a call over several rounds of calls.</summary>
    public static double Best(int rounds, int calls, Action work)
    {
        work();
        double best = double.PositiveInfinity;
        for (int round = 0; round < rounds; round++)
        {
            double start = Seconds;
            for (int call = 0; call < calls; call++)
            {
                work();
            }

            best = Math.Min(best, (Seconds - start) / calls);
        }

        return best;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, long[] time);
}
