namespace NeuroDb.Gpu;

/// <summary>
/// The distance of two vectors by <see cref="Metric"/>: the same bits that a scan reports.
/// </summary>
internal static class Distance
{
    /// <summary>The distance, in single precision in many lanes.</summary>
    public static float Compute(Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        metric switch
        {
            Metric.L2 => MathF.Sqrt(SquaredEuclidean.Compute(a, b)),
            Metric.Cosine => CosineDistance.Compute(a, b),
            Metric.InnerProduct => -Dot.Compute(a, b),
            Metric.L1 => Manhattan.Compute(a, b),
            _ => throw new ArgumentOutOfRangeException(nameof(metric)),
        };

    /// <summary>The reference: the plain formula in double precision.</summary>
    public static float ComputeScalar(
        Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        metric switch
        {
            Metric.L2 => MathF.Sqrt(SquaredEuclidean.ComputeScalar(a, b)),
            Metric.Cosine => CosineDistance.ComputeScalar(a, b),
            Metric.InnerProduct => -Dot.ComputeScalar(a, b),
            Metric.L1 => Manhattan.ComputeScalar(a, b),
            _ => throw new ArgumentOutOfRangeException(nameof(metric)),
        };
}
