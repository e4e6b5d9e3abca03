namespace NeuroDb.Gpu;

/// <summary>
/// The distance of two vectors by <see cref="Metric"/>. A scan ranks by the same sums, rounded to
/// single precision.
/// </summary>
internal static class Distance
{
    /// <summary>
    /// The distance: sums in single precision in many lanes, what is made of them in double
    /// precision, so that vectors of small whole numbers have it to the last digit.
    /// </summary>
    public static double Compute(Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        metric switch
        {
            Metric.L2 => Math.Sqrt(SquaredEuclidean.Compute(a, b)),
            Metric.Cosine => CosineDistance.FromSums(
                Dot.Compute(a, b), Norm.ComputeSquared(a), Norm.ComputeSquared(b)),
            Metric.InnerProduct => -Dot.Compute(a, b),
            Metric.L1 => Manhattan.Compute(a, b),
            _ => throw new ArgumentOutOfRangeException(nameof(metric)),
        };

    /// <summary>The reference: the plain formula in double precision.</summary>
    public static double ComputeScalar(
        Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        metric switch
        {
            Metric.L2 => Math.Sqrt(SquaredEuclidean.ComputeScalar(a, b)),
            Metric.Cosine => CosineDistance.ComputeScalar(a, b),
            Metric.InnerProduct => -Dot.ComputeScalar(a, b),
            Metric.L1 => Manhattan.ComputeScalar(a, b),
            _ => throw new ArgumentOutOfRangeException(nameof(metric)),
        };
}
