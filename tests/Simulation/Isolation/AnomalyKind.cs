namespace NeuroDb.Tests.Simulation;

/// <summary>
/// What a history can do wrong, by the names of Adya, "Weak Consistency" (1999), and of Kingsbury
/// and Alvaro, "Elle" (VLDB 2020).
/// </summary>
internal enum AnomalyKind
{
    /// <summary>Two reads of a register of which neither continues the other.</summary>
    IncompatibleOrder,

    /// <summary>A committed append is not there at the end, or a value is there twice.</summary>
    LostAppend,

    /// <summary>A transaction does not see its own appends, or sees a list shrink.</summary>
    Internal,

    /// <summary>A cycle of writes.</summary>
    G0,

    /// <summary>An aborted append was read.</summary>
    G1a,

    /// <summary>An append was read that its transaction followed by another one.</summary>
    G1b,

    /// <summary>A cycle of writes and reads of what was written.</summary>
    G1c,

    /// <summary>A cycle with one read of what somebody else then overwrote.</summary>
    GSingle,

    /// <summary>A cycle with several such reads, no two of them next to each other.</summary>
    GNonadjacent,

    /// <summary>A cycle with several such reads, which snapshots allow.</summary>
    G2,
}
