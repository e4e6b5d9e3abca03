using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// Wall-clock samples and what is reported of them. The machine is shared, so a sample set is
/// described by its median and its best, and only ratios of one run are quoted.
/// </summary>
internal sealed class Timing
{
    private readonly List<double> _samplesUs = [];

    /// <summary>The median, in microseconds.</summary>
    public double MedianUs => Percentile(0.5);

    /// <summary>The best sample, in microseconds.</summary>
    public double BestUs => _samplesUs.Min();

    /// <summary>The 99th percentile, in microseconds.</summary>
    public double Percentile99Us => Percentile(0.99);

    /// <summary>Runs an action some times after a warm-up and keeps the times.</summary>
    public static Timing Of(int runs, int warmUp, Action action)
    {
        var timing = new Timing();
        for (int i = 0; i < warmUp; i++)
        {
            action();
        }

        for (int i = 0; i < runs; i++)
        {
            timing.Sample(action);
        }

        return timing;
    }

    /// <summary>Times an action, done once or so many times for one sample.</summary>
    public void Sample(Action action, int repetitions = 1)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repetitions; i++)
        {
            action();
        }

        _samplesUs.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / repetitions);
    }

    /// <summary>
    /// Times several actions in turns, so that whatever else the machine does slows all of them.
    /// Each is warmed up first and repeated within a sample so that the sample takes about as long
    /// as asked.
    /// </summary>
    /// <param name="rounds">The samples of each.</param>
    /// <param name="warmUpMs">How long each warms up.</param>
    /// <param name="sampleMs">How long a sample takes; a slow action is done once.</param>
    /// <param name="actions">The actions.</param>
    /// <returns>A timing for each, for one repetition.</returns>
    public static Timing[] InTurns(
        int rounds, double warmUpMs, double sampleMs, IReadOnlyList<Action> actions)
    {
        int[] repetitions = [.. actions.Select(action =>
            Math.Max(1, (int)(sampleMs * 1000 / WarmUp(action, warmUpMs))))];
        Timing[] timings = [.. actions.Select(static _ => new Timing())];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < timings.Length; i++)
            {
                timings[i].Sample(actions[i], repetitions[i]);
            }
        }

        return timings;
    }

    /// <summary>Runs an action for some time; the mean of its second half, in us.</summary>
    public static double WarmUp(Action action, double milliseconds)
    {
        action();
        double mean = 0;
        for (int half = 0; half < 2; half++)
        {
            long start = Stopwatch.GetTimestamp();
            double elapsed;
            int count = 0;
            do
            {
                action();
                count++;
                elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            while (elapsed < milliseconds / 2);
            mean = elapsed * 1000 / count;
        }

        return mean;
    }

    /// <summary>A number for a table cell.</summary>
    public static string Cell(double value) => value.ToString(
        value >= 1000 ? "N0" : value >= 10 ? "F1" : value >= 0.1 ? "F3" : "G2",
        CultureInfo.InvariantCulture);

    private double Percentile(double share)
    {
        double[] sorted = [.. _samplesUs];
        Array.Sort(sorted);
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
