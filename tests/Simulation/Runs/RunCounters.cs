namespace NeuroDb.Tests.Simulation;

/// <summary>What all threads of a run did so far.</summary>
internal sealed class RunCounters
{
    private long _images;
    private long _rescues;

    /// <summary>The disks that were opened and checked.</summary>
    public long ImageCount => Volatile.Read(ref _images);

    /// <summary>The times that work in the background needed a thread of its own.</summary>
    public long RescueCount => Volatile.Read(ref _rescues);

    /// <summary>Counts an image.</summary>
    public void NoteImage() => Interlocked.Increment(ref _images);

    /// <summary>Counts work that needed a thread.</summary>
    public void NoteRescues(int count) => Interlocked.Add(ref _rescues, count);
}
