using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>What this process takes.</summary>
internal static class ProcessMemory
{
    /// <summary>Bytes in physical memory.</summary>
    public static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>Processor time of all threads so far, in seconds.</summary>
    public static double CpuSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
