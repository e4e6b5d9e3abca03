namespace NeuroDb.Tests.Crash;

/// <summary>In which state the sample database is damaged.</summary>
internal enum SampleForm
{
    /// <summary>Changed and closed.</summary>
    Closed,

    /// <summary>Changed, with its process killed.</summary>
    Killed,

    /// <summary>The same database before its last changes, to take old bytes from.</summary>
    Older,

    /// <summary>Another database of the same content.</summary>
    Foreign,
}
