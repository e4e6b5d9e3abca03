namespace NeuroDb;

/// <summary>
/// Randomness. Every random choice takes its bits from here, so a run can be replayed.
/// </summary>
internal interface IRandomSource
{
    /// <summary>64 random bits.</summary>
    ulong NextUInt64();
}
