using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// The times of many short commits on one thread, from the end of one to the end of the next, so
/// that nothing hides between them, and of the slow ones what they waited for. A commit costs one
/// look at the clock; what the system and the collector say is read every few hundred commits and
/// behind each slow one.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private const int ReadEach = 512;
    private const double SlowMs = 0.1;
    private readonly ThreadUsage _usage = new();
    private readonly long[] _times;
    private readonly int _warmUp;
    private readonly List<Stall> _stalls = [];
    private long _begin;
    private long _last;
    private int _count;
    private Reading _before;

    /// <summary>Makes room for the times of so many commits.</summary>
    /// <param name="count">How many.</param>
    /// <param name="warmUp">So many first ones count for nothing but the rate.</param>
    public StallWatch(int count, int warmUp)
    {
        _times = new long[count];
        _times.AsSpan().Fill(1);
        _warmUp = Math.Min(warmUp, count / 10);
    }

    /// <summary>Starts the clock.</summary>
    public void Begin()
    {
        _before = Read();
        _begin = _last = Stopwatch.GetTimestamp();
    }

    /// <summary>A commit has ended.</summary>
    public void Note()
    {
        long now = Stopwatch.GetTimestamp();
        long time = now - _last;
        _last = now;
        _times[_count++] = time;
        bool isSlow = time > SlowMs / 1e3 * Stopwatch.Frequency;
        if (isSlow || _count % ReadEach == 0)
        {
            Settle(isSlow && _count > _warmUp ? Milliseconds(time) : 0);
            Skip();
        }
    }

    /// <summary>Something else was done that is no commit.</summary>
    public void Skip() => _last = Stopwatch.GetTimestamp();

    /// <summary>The time below which a share of the commits stays, in microseconds.</summary>
    public double PercentileUs(double share)
    {
        long[] sorted = [.. _times.AsSpan(_warmUp, _count - _warmUp)];
        Array.Sort(sorted);
        return Milliseconds(sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)]) * 1e3;
    }

    /// <summary>The longest commit, in milliseconds.</summary>
    public double LongestMs => _stalls.Count == 0 ? SlowMs : _stalls.Max(static one => one.Ms);

    /// <summary>
    /// The longest commit, the time left out in which its thread was ready and others ran, or in
    /// which the machine had no processor.
    /// </summary>
    public double LongestOwnMs =>
        _stalls.Count == 0 ? SlowMs : _stalls.Max(static one => one.OwnMs);

    /// <summary>How many commits took longer, that time left out.</summary>
    public int CountOver(double milliseconds) =>
        _stalls.Count(one => one.OwnMs > milliseconds);

    /// <summary>
    /// The longest commits by their own time: when, which, and what went by meanwhile and in the
    /// few hundred commits before.
    /// </summary>
    public IEnumerable<string> Longest(int count) => _stalls
        .OrderByDescending(static one => one.OwnMs)
        .Take(count)
        .Select(static one => string.Create(
            CultureInfo.InvariantCulture,
            $"at {one.AtMs:F1} ms, commit {one.Number}: {one.Ms:F3} ms, own {one.OwnMs:F3}, {
                one.Cause}; ran {one.Spent.RunMs:F3}, ready {one.Spent.ReadyMs:F3}, stolen {
                one.Spent.StolenMs:F3}, collector {
                one.Spent.PausedMs:F3} ms, collections {one.Spent.Zeroth} / {one.Spent.First} / {
                one.Spent.Second}"));

    /// <summary>The slow commits by cause, in words.</summary>
    public string Causes(double milliseconds)
    {
        IEnumerable<string> causes = _stalls
            .Where(one => one.Ms > milliseconds)
            .GroupBy(static one => one.Cause)
            .OrderByDescending(static group => group.Max(static one => one.Ms))
            .Select(static group => string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Key} {group.Count()} (longest {group.Max(static one => one.Ms):F1} ms")
                + (group.Key == StallCause.Collector
                    ? $", generation {group.MaxBy(static one => one.Ms).Generation})"
                    : ")"));
        return string.Join(", ", causes);
    }

    /// <inheritdoc/>
    public void Dispose() => _usage.Dispose();

    private static double Milliseconds(long time) => time * 1e3 / Stopwatch.Frequency;

    // What went by since the last reading, most of it in a slow commit if there is one.
    private void Settle(double slowMs)
    {
        Reading now = Read();
        if (slowMs > 0)
        {
            Reading spent = now - _before;
            StallCause cause = StallCause.Waiting;
            if (spent.PausedMs >= slowMs / 2)
            {
                cause = StallCause.Collector;
            }
            else if (spent.ReadyMs >= slowMs / 2)
            {
                cause = StallCause.Scheduler;
            }
            else if (spent.StolenMs >= slowMs / 2)
            {
                cause = StallCause.Machine;
            }
            else if (spent.RunMs >= slowMs / 2)
            {
                cause = StallCause.Work;
            }

            _stalls.Add(new Stall(
                Milliseconds(_last - _begin), _count - 1, slowMs,
                Math.Max(0, slowMs - spent.ReadyMs - spent.StolenMs), cause, spent));
        }

        _before = now;
    }

    private Reading Read()
    {
        return new Reading(
            Milliseconds(Stopwatch.GetTimestamp()),
            ThreadTime.Now() / 1e6,
            _usage.ReadyMs(),
            _usage.WaitCount(),
            GC.GetTotalPauseDuration().TotalMilliseconds,
            GC.CollectionCount(0),
            GC.CollectionCount(1),
            GC.CollectionCount(2));
    }

    private readonly record struct Stall(
        double AtMs, int Number, double Ms, double OwnMs, StallCause Cause, Reading Spent)
    {
        public int Generation => Spent.Second > 0 ? 2 : Spent.First > 0 ? 1 : 0;
    }

    private readonly record struct Reading(
        double ClockMs,
        double RunMs,
        double ReadyMs,
        long WaitCount,
        double PausedMs,
        int Zeroth,
        int First,
        int Second)
    {
        // Of a thread that never waited the system accounts for every moment in which the machine
        // had a processor.
        public double StolenMs =>
            WaitCount == 0 ? Math.Max(0, ClockMs - RunMs - ReadyMs) : 0;

        public static Reading operator -(in Reading end, in Reading start) => new(
            end.ClockMs - start.ClockMs,
            end.RunMs - start.RunMs,
            end.ReadyMs - start.ReadyMs,
            end.WaitCount - start.WaitCount,
            end.PausedMs - start.PausedMs,
            end.Zeroth - start.Zeroth,
            end.First - start.First,
            end.Second - start.Second);
    }
}
