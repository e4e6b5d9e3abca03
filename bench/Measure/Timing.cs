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

    /// <summary>Times one action.</summary>
    public void Sample(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        _samplesUs.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
    }

    /// <summary>A number for a table cell.</summary>
    public static string Cell(double value) => value.ToString(
        value >= 1000 ? "N0" : value >= 10 ? "F1" : "F3", CultureInfo.InvariantCulture);

    private double Percentile(double share)
    {
        double[] sorted = [.. _samplesUs];
        Array.Sort(sorted);
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
