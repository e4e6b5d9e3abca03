namespace NeuroDb.Bench;

/// <summary>The best of some runs of a query.</summary>
/// <param name="WallMs">The time it took.</param>
/// <param name="ProcessorMs">The time that the cores worked for it.</param>
internal sealed record TpchTime(double WallMs, double ProcessorMs);
