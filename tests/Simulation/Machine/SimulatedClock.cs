namespace NeuroDb.Tests.Simulation;

/// <summary>A clock that stands until the test moves it; timers fire as it passes them.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<SimulatedTimer> _timers = [];
    private long _ticks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The time since the clock was made.</summary>
    public TimeSpan Now => new(Volatile.Read(ref _ticks));

    /// <summary>Moves the clock and fires what is due, in order of time.</summary>
    public void Advance(TimeSpan time)
    {
        Volatile.Write(ref _ticks, _ticks + time.Ticks);
        while (NextDue() is { } timer)
        {
            timer.Fire();
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.UnixEpoch.AddDays(20_000).AddTicks(Volatile.Read(ref _ticks));

    /// <inheritdoc/>
    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Forgets a timer.</summary>
    public void Remove(SimulatedTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private SimulatedTimer? NextDue()
    {
        lock (_gate)
        {
            return _timers.Where(timer => timer.Due is { } due && due <= Now)
                .MinBy(static timer => timer.Due);
        }
    }
}
