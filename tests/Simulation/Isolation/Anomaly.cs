namespace NeuroDb.Tests.Simulation;

/// <summary>Something that a history did wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="What">Where, for people.</param>
internal sealed record Anomaly(AnomalyKind Kind, string What)
{
    /// <summary>Whether snapshot isolation allows it.</summary>
    public bool IsAllowedInSnapshots => Kind == AnomalyKind.G2;
}
