namespace NeuroDb.Bench;

/// <summary>What most of the time of a slow commit went to.</summary>
internal enum StallCause
{
    /// <summary>The collector held all threads up.</summary>
    Collector,

    /// <summary>The thread was ready, and the system ran others.</summary>
    Scheduler,

    /// <summary>The thread waited: for a lock, or for memory that the system had to find.</summary>
    Waiting,

    /// <summary>
    /// The thread neither worked nor waited, and was not ready: the processor was taken from the
    /// whole machine, a virtual one.
    /// </summary>
    Machine,

    /// <summary>The thread worked.</summary>
    Work,
}
