namespace NeuroDb.Tests.Unit;

/// <summary>A timer of a <see cref="ManualClock"/>.</summary>
internal sealed class ManualTimer(TimerCallback callback, object? state) : ITimer
{
    /// <summary>The time for which it is armed, or null.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>Fires if it is armed.</summary>
    public void Fire()
    {
        if (Due is not null)
        {
            Due = null;
            callback(state);
        }
    }

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Due = dueTime == Timeout.InfiniteTimeSpan ? null : dueTime;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Due = null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
