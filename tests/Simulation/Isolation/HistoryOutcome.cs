namespace NeuroDb.Tests.Simulation;

/// <summary>How a transaction ended, as far as its client knows.</summary>
internal enum HistoryOutcome
{
    /// <summary>Its commit returned.</summary>
    Committed,

    /// <summary>It was rolled back or refused.</summary>
    Aborted,

    /// <summary>Its process ended during the commit.</summary>
    Unknown,
}
