namespace NeuroDb.Gpu;

/// <summary>
/// The tie between ranks, which scans compare by, and distances, which users see.
/// </summary>
internal static class Ranks
{
    /// <summary>The distance that a rank stands for; order and NaN are kept.</summary>
    public static double ToDistance(Metric metric, double rank) =>
        metric == Metric.L2 ? Math.Sqrt(rank) : rank;
}
