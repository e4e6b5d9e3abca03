using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>Hamming distance: the number of dimensions in which a[i] != b[i].</summary>
/// <remarks>
/// Empty vectors give 0. A NaN in either vector gives NaN. For bits it is the ones of a XOR b.
/// </remarks>
internal readonly unsafe struct Hamming : IPairOperation, IRowRank
{
    /// <summary>The reference: the plain count.</summary>
    public static float ComputeScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        SpanPair.CheckLength(a, b);
        float count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            bool isNaN = float.IsNaN(a[i]) || float.IsNaN(b[i]);
            count += isNaN ? float.NaN : a[i] == b[i] ? 0 : 1;
        }

        return count;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Step<TLanes, TVector>(TVector a, TVector b, TVector sum)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        TLanes.AddDifferent(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rank<TLanes, TVector>(
        byte* row, byte* query, int dimension, double querySquaredNorm, bool readAhead)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        (float)PairReduction.Sum<TLanes, TVector, Hamming>(row, query, dimension, readAhead);
}
