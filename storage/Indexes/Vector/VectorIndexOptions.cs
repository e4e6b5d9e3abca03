using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>What an index of vectors was asked to be.</summary>
/// <param name="Metric">L2, cosine or inner product.</param>
internal sealed record VectorIndexOptions(Metric Metric)
{
    /// <summary>The share of the true k nearest that answers must hold, on average.</summary>
    public double TargetRecall { get; init; } = 0.99;

    /// <summary>How many lists a part has; 0 to choose by its size.</summary>
    public int ListCount { get; init; }

    /// <summary>What the rotation and the choice of samples come from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether an index can serve a metric.</summary>
    public static bool IsSupported(Metric metric) =>
        metric is Metric.L2 or Metric.Cosine or Metric.InnerProduct;
}
