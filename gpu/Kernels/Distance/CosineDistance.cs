using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// Cosine distance: 1 - sum(a[i] b[i]) / sqrt(sum(a[i]^2) sum(b[i]^2)), within [0, 2].
/// </summary>
/// <remarks>
/// NaN where either vector is zero or empty or holds a NaN. Product and norm of a row come out of
/// one pass over it. All three sums are added up in the same order and combined in double
/// precision, so equal vectors have distance 0 exactly. Floats and halves whose sums leave the
/// range of single precision, and vectors so near that its rounding would show, are added up in
/// double precision; the nearest of these, of which 1 - cos would be rounding of doubles, are
/// compared by what of one is left without its part along the other: |r|^2 / |a|^2 = (1 - cos)
/// (1 + cos).
/// </remarks>
internal readonly unsafe struct CosineDistance : IRowRank
{
    // Sums in single precision are off by some 1e-7: of this, a hundred thousandth.
    private const double Near = 1.0 / 64;

    // Of this, 1 - cos has ten digits in double precision.
    private const double Nearest = 1e-6;

    // What is left of vectors of one direction is rounding up to this.
    private const double Parallel = 1e-31;

    // Squares of smaller numbers lose digits.
    private const double SquaredNormMin = 1e-30;

    /// <summary>1 - cos(a, b); the sums in single precision in many lanes.</summary>
    public static float Compute(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Compute(a, b, VectorWidths.Widest);

    /// <summary>1 - cos(a, b) with a given register width.</summary>
    public static float Compute(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, VectorWidth width)
    {
        return Compute(a, b, PairReduction.Compute<Dot>(b, b, width), width);
    }

    /// <summary>
    /// 1 - cos(a, b) where the squared norm of b, summed up as <see cref="Dot"/> does, is known.
    /// </summary>
    public static float Compute<TElement, TQuery>(
        ReadOnlySpan<TElement> a, ReadOnlySpan<TQuery> b, float norm, VectorWidth width)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        SpanPair.CheckLength(a, b);
        fixed (TElement* row = a)
        fixed (TQuery* query = b)
        {
            var action = new RankAction<CosineDistance>((byte*)row, (byte*)query, a.Length, norm);
            ElementDispatch.Run<TElement, TQuery, RankAction<CosineDistance>>(width, ref action);
            return action.Result;
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
    public static double FromSums(double dot, double rowSquaredNorm, double querySquaredNorm)
    {
        double product = rowSquaredNorm * querySquaredNorm;
        double cosine = double.IsPositiveInfinity(product)
            ? double.NaN
            : dot / Math.Sqrt(product);
        return 1 - Math.Clamp(cosine, -1, 1);
    }

    /// <summary>1 - cos(a, b), all sums in double precision.</summary>
    public static double ComputeDouble(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double product = DoubleSums.Product(a, b);
        double first = DoubleSums.Product(a, a);
        double second = DoubleSums.Product(b, b);
        double distance = 1 - Math.Clamp(product / Math.Sqrt(first * second), -1, 1);
        if (!(distance < Nearest))
        {
            return distance;
        }

        double rest = DoubleSums.SquaredDifference(a, b, product / second) / first;
        return rest > Parallel ? rest / (2 - distance) : 0;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rank<TLanes, TVector>(
        byte* row, byte* query, int dimension, double querySquaredNorm, bool readAhead)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        double dot = ProductReduction.Sum<TLanes, TVector>(
            row, query, dimension, readAhead, out double norm);
        double distance = FromSums(dot, norm, querySquaredNorm);
        bool isOfFloats = TLanes.QuerySizeBytes == sizeof(float);
        return isOfFloats
            && !(distance > Near && Math.Min(norm, querySquaredNorm) > SquaredNormMin)
            ? (float)ComputeDouble<TLanes, TVector>(row, query, dimension)
            : (float)distance;
    }

    private static double ComputeDouble<TLanes, TVector>(byte* row, byte* query, int dimension)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        var numbers = new ReadOnlySpan<float>(query, dimension);
        return TLanes.RowSizeBytes == sizeof(float)
            ? ComputeDouble(new ReadOnlySpan<float>(row, dimension), numbers)
            : HalfDistance.Compute(
                Metric.Cosine, new ReadOnlySpan<Half>(row, dimension), numbers);
    }
}
