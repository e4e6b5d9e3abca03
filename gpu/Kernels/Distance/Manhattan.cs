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
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        return TLanes.Add(sum, TLanes.Abs(TLanes.Subtract(a, b)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Step(float a, float b, float sum) =>
        sum + MathF.Abs(a - b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rank<TLanes, TVector>(
        float* row, float* query, int dimension, float querySquaredNorm, bool readAhead)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        PairReduction.Sum<TLanes, TVector, Manhattan>(row, query, dimension, readAhead);
}
