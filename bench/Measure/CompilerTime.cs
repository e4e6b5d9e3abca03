using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// The processor time that the runtime's threads that compile methods again take from here on: what
/// a process does once and not for each row. Linux only; elsewhere it is not told, 0.
/// </summary>
internal sealed class CompilerTime
{
    private const string Threads = "/proc/self/task";

    // As much of the name as the system keeps.
    private const string ThreadName = ".NET Tiered Com";
    private readonly Dictionary<string, double> _before = Now();

    /// <summary>Seconds so far.</summary>
    public double Seconds() => Now().Sum(
        thread => thread.Value - _before.GetValueOrDefault(thread.Key));

    private static Dictionary<string, double> Now()
    {
        var threads = new Dictionary<string, double>();
        if (OperatingSystem.IsLinux())
        {
            foreach (string thread in Directory.GetDirectories(Threads))
            {
                Add(thread, threads);
            }
        }

        return threads;
    }

    private static void Add(string thread, Dictionary<string, double> threads)
    {
        try
        {
            if (File.ReadAllText(Path.Combine(thread, "comm")).Trim() == ThreadName)
            {
                string run = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0];
                threads.Add(thread, double.Parse(run, CultureInfo.InvariantCulture) / 1e9);
            }
        }
        catch (IOException)
        {
            // The thread ended since it was listed.
        }
    }
}
