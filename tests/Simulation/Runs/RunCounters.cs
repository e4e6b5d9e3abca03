namespace NeuroDb.Tests.Simulation;

/// <summary>What all threads of a run did so far.</summary>
internal sealed class RunCounters
{
    private long _images;
    private long _rescues;
    private long _openTicks;
    private long _closeTicks;

    /// <summary>The disks that were opened and checked.</summary>
    public long ImageCount => Volatile.Read(ref _images);

    /// <summary>The times that work in the background needed a thread of its own.</summary>
    public long RescueCount => Volatile.Read(ref _rescues);

    /// <summary>Counts an image.</summary>
    public void NoteImage() => Interlocked.Increment(ref _images);

    /// <summary>The time of all threads together in which databases were opened.</summary>
    public TimeSpan OpenTime => new(Volatile.Read(ref _openTicks));

    /// <summary>The time of all threads together in which databases were closed.</summary>
    public TimeSpan CloseTime => new(Volatile.Read(ref _closeTicks));

    /// <summary>Counts what a workload did.</summary>
    public void Note(IImageProgram workload)
    {
        Interlocked.Add(ref _rescues, workload.RescueCount);
        Interlocked.Add(ref _openTicks, workload.OpenTime.Ticks);
        Interlocked.Add(ref _closeTicks, workload.CloseTime.Ticks);
    }
}
