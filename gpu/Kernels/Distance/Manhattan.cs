using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>Manhattan distance: sum(|a[i] - b[i]|).</summary>
/// <remarks>
/// Empty vectors give 0. A NaN in either vector gives NaN, an overflow gives infinity.
/// </remarks>
internal readonly unsafe struct Manhattan : IPairOperation, IRowRank
{
    /// <summary>sum(|a[i] - b[i]|); single precision in many lanes.</summary>
    public static float Compute(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        PairReduction.Compute<Manhattan>(a, b);

    /// <summary>The reference: the plain formula in double precision.</summary>
    public static float ComputeScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        SpanPair.CheckLength(a, b);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Abs((double)a[i] - b[i]);
        }

        return (float)sum;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(TVector a, TVector b, TVector sum)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        TLanes.AddAbsoluteDifference(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rank<TLanes, TVector>(
        byte* row, byte* query, int dimension, double querySquaredNorm, bool readAhead)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        (float)PairReduction.Sum<TLanes, TVector, Manhattan>(row, query, dimension, readAhead);
}
