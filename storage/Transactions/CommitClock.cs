namespace NeuroDb.Storage;

/// <summary>
/// Gives each commit its moment: the time of the system in microseconds since 1970-01-01 UTC, but
/// never an earlier one than the commit before, so that the moments are in the order of the commits
/// also where somebody sets the clock back. Guarded by the gate of the
/// <see cref="GroupWriter"/>.
/// </summary>
internal sealed class CommitClock(TimeProvider clock, long last)
{
    private long _last = last;

    /// <summary>The moment of the last commit.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>The moment of the next commit.</summary>
    public long Next()
    {
        long now = MicrosecondsOf(clock.GetUtcNow());
        Volatile.Write(ref _last, Math.Max(_last, now));
        return _last;
    }

    /// <summary>A moment in microseconds, rounded down.</summary>
    public static long MicrosecondsOf(DateTimeOffset moment) =>
        Math.DivRem(
            moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks,
            TimeSpan.TicksPerMicrosecond).Quotient;

    /// <summary>A moment as the user sees it.</summary>
    public static DateTimeOffset MomentOf(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
