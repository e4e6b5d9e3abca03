namespace NeuroDb.Tests.Simulation;

/// <summary>How a process or the power ends: what is left of what was not durable.</summary>
internal enum LossKind
{
    /// <summary>The power goes; nothing that was not durable is left.</summary>
    AllLost,

    /// <summary>The power goes; everything happens to be left.</summary>
    AllKept,

    /// <summary>The power goes; of each change any sectors are left, and any names.</summary>
    AnySectors,

    /// <summary>The power goes; each change is left as a whole or not at all.</summary>
    AnyChanges,

    /// <summary>The power goes; all is left but the running change, which is torn.</summary>
    LastTorn,

    /// <summary>The power goes; nothing is left but a part of the running change.</summary>
    OnlyLastTorn,

    /// <summary>The process is killed; the system holds everything, of which not all is durable.
    /// </summary>
    Killed,
}
