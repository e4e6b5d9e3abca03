using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// Whether kernels, which add up in single precision, tell vectors apart: squares of very large
/// numbers overflow, those of very small ones vanish.
/// </summary>
internal static class VectorScale
{
    private const double SquaredNormMin = 1e-30;
    private const double SquaredNormMax = 1e30;

    // Squares of smaller differences are no normal floats.
    private const double DistanceMin = 1e-18;

    /// <summary>
    /// Whether sums over a query stay within single precision. Kernels for the cosine see to that
    /// themselves.
    /// </summary>
    public static bool IsOrdinary(Metric metric, Value query)
    {
        if (metric is not (Metric.L2 or Metric.InnerProduct)
            || query.Kind != TypeKind.Vector)
        {
            return true;
        }

        ReadOnlySpan<float> numbers = query.AsVector().Span;
        float squared = Norm.ComputeSquared(numbers);
        return squared is > (float)SquaredNormMin and < (float)SquaredNormMax
            || !numbers.ContainsAnyExcept(0);
    }

    /// <summary>Whether the distance of a kernel is not that of a row, which is known.</summary>
    public static bool IsLost(double distance, double measured) => double.IsInfinity(distance)
        || (Math.Abs(distance) < DistanceMin && measured != 0 && !double.IsNaN(measured));
}
