using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The distance of two vectors by <see cref="Metric"/>. A scan ranks by the same sums, rounded to
/// single precision.
/// </summary>
internal static class Distance
{
    /// <summary>
    /// The distance, in double precision: no element is too large or too small for it, and vectors
    /// of whole numbers have it to the last digit.
    /// </summary>
    public static double Compute(Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        SpanPair.CheckLength(a, b);
        return metric switch
        {
            Metric.L2 => Math.Sqrt(DoubleSums.SquaredDifference(a, b)),
            Metric.Cosine => CosineDistance.ComputeDouble(a, b),
            Metric.InnerProduct => -DoubleSums.Product(a, b),
            Metric.L1 => DoubleSums.AbsoluteDifference(a, b),
            _ => Compute<float, float>(metric, a, b),
        };
    }

    /// <summary>
    /// The distance of vectors of the element types of <see cref="ElementDispatch"/>, of halves in
    /// double precision. Sums of whole numbers and of bits are exact.
    /// </summary>
    public static double Compute<TElement, TQuery>(
        Metric metric, ReadOnlySpan<TElement> a, ReadOnlySpan<TQuery> b)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        if (typeof(TElement) == typeof(Half))
        {
            ReadOnlySpan<Half> halves = MemoryMarshal.Cast<TElement, Half>(a);
            return typeof(TQuery) == typeof(Half)
                ? HalfDistance.Compute(metric, halves, MemoryMarshal.Cast<TQuery, Half>(b))
                : HalfDistance.Compute(metric, halves, MemoryMarshal.Cast<TQuery, float>(b));
        }

        return metric switch
        {
            Metric.L2 => Math.Sqrt(Sum<TElement, TQuery, SquaredEuclidean>(a, b)),
            Metric.Cosine => CosineDistance.FromSums(
                Sum<TElement, TQuery, Dot>(a, b),
                Sum<TElement, TElement, Dot>(a, a),
                Sum<TQuery, TQuery, Dot>(b, b)),
            Metric.InnerProduct => -Sum<TElement, TQuery, Dot>(a, b),
            Metric.L1 => Sum<TElement, TQuery, Manhattan>(a, b),
            Metric.Hamming => Sum<TElement, TQuery, Hamming>(a, b),
            Metric.Jaccard when typeof(TElement) == typeof(byte) => Jaccard.FromCounts(
                Sum<TElement, TQuery, Dot>(a, b),
                Sum<TElement, TElement, Dot>(a, a),
                Sum<TQuery, TQuery, Dot>(b, b)),
            _ => throw Undefined<TElement>(metric),
        };
    }

    /// <summary>The reference: the plain formula in double precision.</summary>
    public static double ComputeScalar(
        Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        metric switch
        {
            Metric.L2 => Math.Sqrt(SquaredEuclidean.ComputeScalar(a, b)),
            Metric.Cosine => CosineDistance.ComputeScalar(a, b),
            Metric.InnerProduct => -Dot.ComputeScalar(a, b),
            Metric.L1 => Manhattan.ComputeScalar(a, b),
            Metric.Hamming => Hamming.ComputeScalar(a, b),
            Metric.Jaccard => Jaccard.ComputeScalar(a, b),
            _ => throw Undefined<float>(metric),
        };

    /// <summary>The reference for any element type: that of the same numbers as floats.</summary>
    public static double ComputeScalar<TElement, TQuery>(
        Metric metric, ReadOnlySpan<TElement> a, ReadOnlySpan<TQuery> b)
        where TElement : unmanaged
        where TQuery : unmanaged =>
        ComputeScalar(metric, ElementNumbers.Of(a), ElementNumbers.Of(b));

    /// <summary>The error of a metric that the element type does not have.</summary>
    public static ArgumentException Undefined<TElement>(Metric metric) => new(
        $"The metric {metric} is not defined for vectors of {typeof(TElement).Name}.",
        nameof(metric));

    private static double Sum<TElement, TQuery, TOperation>(
        ReadOnlySpan<TElement> a, ReadOnlySpan<TQuery> b)
        where TElement : unmanaged
        where TQuery : unmanaged
        where TOperation : struct, IPairOperation =>
        PairReduction.Compute<TElement, TQuery, TOperation>(a, b, VectorWidths.Widest);
}
