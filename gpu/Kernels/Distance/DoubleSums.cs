using System.Runtime.CompilerServices;
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
        static abstract Vector512<double> Add(
            Vector512<double> a, Vector512<double> b, Vector512<double> factor,
            Vector512<double> sum);
    }

    /// <summary>sum(a[i] * b[i]).</summary>
    public static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Sum<ProductTerm>(a, b, 1);

    /// <summary>sum((a[i] - factor b[i])^2).</summary>
    public static double SquaredDifference(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, double factor = 1) =>
        Sum<SquareTerm>(a, b, factor);

    /// <summary>sum(|a[i] - b[i]|).</summary>
    public static double AbsoluteDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Sum<AbsoluteTerm>(a, b, 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe double Sum<TTerm>(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, double factor)
        where TTerm : struct, ITerm
    {
        SpanPair.CheckLength(a, b);
        var even = new Sums<TTerm>(factor);
        var odd = new Sums<TTerm>(factor);
        int step = Vector512<float>.Count;
        int i = 0;
        fixed (float* first = a, second = b)
        {
            for (; i + (2 * step) <= a.Length; i += 2 * step)
            {
                even.Add(Vector512.Load(first + i), Vector512.Load(second + i));
                odd.Add(Vector512.Load(first + i + step), Vector512.Load(second + i + step));
            }
        }

        if (i < a.Length)
        {
            Span<float> rests = stackalloc float[4 * step];
            rests.Clear();
            a[i..].CopyTo(rests);
            b[i..].CopyTo(rests[(2 * step)..]);
            even.Add(Vector512.Create(rests), Vector512.Create(rests[(2 * step)..]));
            odd.Add(Vector512.Create(rests[step..]), Vector512.Create(rests[(3 * step)..]));
        }

        return Vector512.Sum(even.All + odd.All);
    }

    // Two chains of additions, for the halves of a register.
    private struct Sums<TTerm>(double factor)
        where TTerm : struct, ITerm
    {
        private readonly Vector512<double> _factor = Vector512.Create(factor);
        private Vector512<double> _lower;
        private Vector512<double> _upper;

        public readonly Vector512<double> All => _lower + _upper;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<float> a, Vector512<float> b)
        {
            (Vector512<double> aLower, Vector512<double> aUpper) = Vector512.Widen(a);
            (Vector512<double> bLower, Vector512<double> bUpper) = Vector512.Widen(b);
            _lower = TTerm.Add(aLower, bLower, _factor, _lower);
            _upper = TTerm.Add(aUpper, bUpper, _factor, _upper);
        }
    }

    private readonly struct ProductTerm : ITerm
    {
        public static Vector512<double> Add(
            Vector512<double> a, Vector512<double> b, Vector512<double> factor,
            Vector512<double> sum) =>
            Vector512.FusedMultiplyAdd(a, b, sum);
    }

    private readonly struct SquareTerm : ITerm
    {
        public static Vector512<double> Add(
            Vector512<double> a, Vector512<double> b, Vector512<double> factor,
            Vector512<double> sum) =>
            Add(Vector512.FusedMultiplyAdd(-factor, b, a), sum);

        private static Vector512<double> Add(
            Vector512<double> difference, Vector512<double> sum) =>
            Vector512.FusedMultiplyAdd(difference, difference, sum);
    }

    private readonly struct AbsoluteTerm : ITerm
    {
        public static Vector512<double> Add(
            Vector512<double> a, Vector512<double> b, Vector512<double> factor,
            Vector512<double> sum) =>
            sum + Vector512.Abs(a - b);
    }
}
