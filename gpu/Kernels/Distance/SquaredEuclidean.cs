using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>Squared Euclidean distance: sum((a[i] - b[i])^2).</summary>
/// <remarks>
/// Empty vectors give 0. A NaN in either vector gives NaN, an overflow gives infinity.
/// The rank of a row is the square itself: the root keeps the order.
/// </remarks>
internal readonly unsafe struct SquaredEuclidean : IPairOperation, IRowRank
{
    /// <summary>sum((a[i] - b[i])^2); single precision in many lanes.</summary>
    public static float Compute(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        PairReduction.Compute<SquaredEuclidean>(a, b);

    /// <summary>The reference: the plain formula in double precision.</summary>
    public static float ComputeScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        SpanPair.CheckLength(a, b);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return (float)sum;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(TVector a, TVector b, TVector sum)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        TLanes.AddSquaredDifference(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rank<TLanes, TVector>(
        byte* row, byte* query, int dimension, double querySquaredNorm, bool readAhead)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        (float)PairReduction.Sum<TLanes, TVector, SquaredEuclidean>(
            row, query, dimension, readAhead);
}
