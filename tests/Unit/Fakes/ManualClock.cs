using System.Collections.Immutable;

namespace NeuroDb.Tests.Unit;

/// <summary>A clock whose timers fire when the test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    // Replaced whole: one thread makes timers while another one looks at them.
    private ImmutableArray<ManualTimer> _timers = [];

    /// <summary>The time, which stands until the test moves it.</summary>
    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(20_000);

    /// <summary>By how much the time goes on whenever a timestamp is taken.</summary>
    public TimeSpan Tick { get; set; }

    /// <summary>Fires every timer that is armed.</summary>
    public void FireAll()
    {
        foreach (ManualTimer timer in _timers)
        {
            timer.Fire();
        }
    }

    /// <summary>The shortest time for which a timer is armed; null if none is.</summary>
    public TimeSpan? Armed => _timers.Where(static timer => timer.Due is not null)
        .Min(static timer => timer.Due);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;

    /// <inheritdoc/>
    public override long GetTimestamp() => (Now += Tick).UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(callback, state);
        timer.Change(dueTime, period);
        ImmutableInterlocked.Update(
            ref _timers, static (timers, made) => timers.Add(made), timer);
        return timer;
    }
}
