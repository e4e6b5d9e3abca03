namespace NeuroDb.Query;

/// <summary>What COPY FROM does with a row that cannot be stored.</summary>
internal enum CopyErrorAction
{
    /// <summary>The statement fails, and nothing is loaded.</summary>
    Stop,

    /// <summary>The row is left out and counted.</summary>
    Skip,

    /// <summary>The row is left out and written to a file or table with the reason.</summary>
    Quarantine,
}
