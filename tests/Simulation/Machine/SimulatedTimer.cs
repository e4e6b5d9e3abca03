namespace NeuroDb.Tests.Simulation;

/// <summary>A timer of a <see cref="SimulatedClock"/>.</summary>
internal sealed class SimulatedTimer(SimulatedClock clock, TimerCallback callback, object? state)
    : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    /// <summary>When it fires next, or null.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>Fires; a period arms it again.</summary>
    public void Fire()
    {
        Due = _period > TimeSpan.Zero ? clock.Now + _period : null;
        callback(state);
    }

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Now + dueTime;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Due = null;
        clock.Remove(this);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
