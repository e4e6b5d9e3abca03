using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Cosine distance: 1 - sum(a[i] b[i]) / sqrt(sum(a[i]^2) sum(b[i]^2)), within [0, 2].
/// </summary>
/// <remarks>
/// NaN where either vector is zero or empty, holds a NaN, or has a squared norm above the range of
/// a float. Product and norm of a row come out of one pass over it. All three sums are added up in
/// the same order and combined in double precision, so equal vectors have distance 0 exactly.
/// </remarks>
internal readonly unsafe struct CosineDistance : IRowRank
{
    /// <summary>1 - cos(a, b); the sums in single precision in many lanes.</summary>
    public static float Compute(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Compute(a, b, VectorWidths.Widest);

    /// <summary>1 - cos(a, b) with a given register width.</summary>
    public static float Compute(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, VectorWidth width)
    {
        SpanPair.CheckLength(a, b);
        float norm = PairReduction.Compute<Dot>(b, b, width);
        fixed (float* row = a, query = b)
        {
            return width switch
            {
                VectorWidth.Bits512 =>
                    Rank<Lanes512, Vector512<float>>(row, query, a.Length, norm, false),
                VectorWidth.Bits256 =>
                    Rank<Lanes256, Vector256<float>>(row, query, a.Length, norm, false),
                _ => Rank<Lanes128, Vector128<float>>(row, query, a.Length, norm, false),
            };
        }
    }

    /// <summary>The reference: the plain formula in double precision.</summary>
    public static float ComputeScalar(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        SpanPair.CheckLength(a, b);
        double dot = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            first += (double)a[i] * a[i];
            second += (double)b[i] * b[i];
        }

        return (float)(1 - Math.Clamp(dot / Math.Sqrt(first * second), -1, 1));
    }

    /// <summary>The distance that the three sums stand for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double FromSums(float dot, float rowSquaredNorm, float querySquaredNorm)
    {
        double product = (double)rowSquaredNorm * querySquaredNorm;
        double cosine = double.IsPositiveInfinity(product)
            ? double.NaN
            : dot / Math.Sqrt(product);
        return 1 - Math.Clamp(cosine, -1, 1);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rank<TLanes, TVector>(
        float* row, float* query, int dimension, float querySquaredNorm, bool readAhead)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int lanes = TLanes.Count;
        if (dimension < lanes)
        {
            return RankShort(row, query, dimension, querySquaredNorm);
        }

        TVector dot0 = default;
        TVector dot1 = default;
        TVector dot2 = default;
        TVector dot3 = default;
        TVector norm0 = default;
        TVector norm1 = default;
        TVector norm2 = default;
        TVector norm3 = default;
        float* end = row + dimension;
        for (float* last = end - (4 * lanes); row <= last; row += 4 * lanes, query += 4 * lanes)
        {
            if (readAhead)
            {
                ReadAhead.FourRegisters<TLanes, TVector>(row);
            }

            Step<TLanes, TVector>(row, query, ref dot0, ref norm0);
            Step<TLanes, TVector>(row + lanes, query + lanes, ref dot1, ref norm1);
            Step<TLanes, TVector>(row + (2 * lanes), query + (2 * lanes), ref dot2, ref norm2);
            Step<TLanes, TVector>(row + (3 * lanes), query + (3 * lanes), ref dot3, ref norm3);
        }

        for (float* last = end - lanes; row <= last; row += lanes, query += lanes)
        {
            Step<TLanes, TVector>(row, query, ref dot0, ref norm0);
        }

        int rest = (int)(end - row);
        if (rest > 0)
        {
            TVector tail = TLanes.LoadLast(row + rest, rest);
            dot1 = TLanes.MultiplyAdd(tail, TLanes.LoadLast(query + rest, rest), dot1);
            norm1 = TLanes.MultiplyAdd(tail, tail, norm1);
        }

        return (float)FromSums(
            TLanes.Sum(TLanes.Add(TLanes.Add(dot0, dot1), TLanes.Add(dot2, dot3))),
            TLanes.Sum(TLanes.Add(TLanes.Add(norm0, norm1), TLanes.Add(norm2, norm3))),
            querySquaredNorm);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, TVector>(
        float* row, float* query, ref TVector dot, ref TVector norm)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector element = TLanes.Load(row);
        dot = TLanes.MultiplyAdd(element, TLanes.Load(query), dot);
        norm = TLanes.MultiplyAdd(element, element, norm);
    }

    private static float RankShort(float* row, float* query, int dimension, float querySquaredNorm)
    {
        float dot = 0;
        float norm = 0;
        for (int i = 0; i < dimension; i++)
        {
            dot = Dot.Step(row[i], query[i], dot);
            norm = Dot.Step(row[i], row[i], norm);
        }

        return (float)FromSums(dot, norm, querySquaredNorm);
    }
}
