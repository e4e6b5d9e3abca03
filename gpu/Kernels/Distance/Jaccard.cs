using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// Jaccard distance of bit vectors: 1 - |a AND b| / |a OR b|, within [0, 1].
/// </summary>
/// <remarks>
/// NaN where both vectors hold no one, or are empty: two empty sets have no similarity. Only for
/// bits. For 0 and 1 the sizes of the sets are squared norms, so one pass gives all that is needed.
/// </remarks>
internal readonly unsafe struct Jaccard : IRowRank
{
    /// <summary>The reference, over zeros and ones.</summary>
    public static float ComputeScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        SpanPair.CheckLength(a, b);
        double both = 0;
        double either = 0;
        for (int i = 0; i < a.Length; i++)
        {
            both += Math.Min(a[i], b[i]);
            either += Math.Max(a[i], b[i]);
        }

        return (float)(1 - (both / either));
    }

    /// <summary>The distance that the three counts stand for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double FromCounts(double both, double row, double query) =>
        1 - (both / (row + query - both));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rank<TLanes, TVector>(
        byte* row, byte* query, int dimension, double querySquaredNorm, bool readAhead)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        double both = ProductReduction.Sum<TLanes, TVector>(
            row, query, dimension, readAhead, out double ones);
        return (float)FromCounts(both, ones, querySquaredNorm);
    }
}
