using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Sums over two vectors of floats in double precision: of products, of squared differences and of
/// sizes of differences. No float overflows or vanishes in them.
/// </summary>
/// <remarks>
/// For the few rows whose distance must be right to the last digits. Empty vectors give 0, a NaN
/// gives NaN. The order of additions depends on the dimension only.
/// </remarks>
internal static class DoubleSums
{
    private interface ITerm
    {
        static abstract Vector512<double> Of(Vector512<double> a, Vector512<double> b);
    }

    /// <summary>sum(a[i] * b[i]).</summary>
    public static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Sum<ProductTerm>(a, b);

    /// <summary>sum((a[i] - b[i])^2).</summary>
    public static double SquaredDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Sum<SquareTerm>(a, b);

    /// <summary>sum(|a[i] - b[i]|).</summary>
    public static double AbsoluteDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Sum<AbsoluteTerm>(a, b);

    private static double Sum<TTerm>(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        where TTerm : struct, ITerm
    {
        SpanPair.CheckLength(a, b);
        Vector512<double> low = default;
        Vector512<double> high = default;
        int step = Vector512<float>.Count;
        int whole = a.Length / step * step;
        for (int i = 0; i < whole; i += step)
        {
            Add<TTerm>(Vector512.Create(a[i..]), Vector512.Create(b[i..]), ref low, ref high);
        }

        if (whole < a.Length)
        {
            Span<float> rests = stackalloc float[2 * step];
            rests.Clear();
            a[whole..].CopyTo(rests);
            b[whole..].CopyTo(rests[step..]);
            Add<TTerm>(
                Vector512.Create<float>(rests),
                Vector512.Create<float>(rests[step..]),
                ref low,
                ref high);
        }

        return Vector512.Sum(low + high);
    }

    private static void Add<TTerm>(
        Vector512<float> a, Vector512<float> b, ref Vector512<double> low,
        ref Vector512<double> high)
        where TTerm : struct, ITerm
    {
        (Vector512<double> aLow, Vector512<double> aHigh) = Vector512.Widen(a);
        (Vector512<double> bLow, Vector512<double> bHigh) = Vector512.Widen(b);
        low += TTerm.Of(aLow, bLow);
        high += TTerm.Of(aHigh, bHigh);
    }

    private readonly struct ProductTerm : ITerm
    {
        public static Vector512<double> Of(Vector512<double> a, Vector512<double> b) => a * b;
    }

    private readonly struct SquareTerm : ITerm
    {
        public static Vector512<double> Of(Vector512<double> a, Vector512<double> b) =>
            (a - b) * (a - b);
    }

    private readonly struct AbsoluteTerm : ITerm
    {
        public static Vector512<double> Of(Vector512<double> a, Vector512<double> b) =>
            Vector512.Abs(a - b);
    }
}
