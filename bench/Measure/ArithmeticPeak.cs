using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Bench;

/// <summary>
/// The arithmetic peak of one thread: fused multiply-adds on twelve registers that do not wait for
/// each other, without a load.
/// </summary>
internal static class ArithmeticPeak
{
    private const int Steps = 20_000;
    private const int SampleCalls = 10;

    private static float _kept;

    /// <summary>GFLOP/s, a multiply-add counted as two.</summary>
    public static double Gigaflops()
    {
        double ns = ShortKernelBench.BestNs(30, 10, Work);
        return 12.0 * 2 * Vector512<float>.Count * Steps / ns;
    }

    /// <summary>
    /// GFLOP/s by the processor time of a third of a millisecond, the best of three.
    /// </summary>
    public static double Sample()
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < 3; i++)
        {
            best = Math.Min(best, ThreadTime.Of(Some));
        }

        return 12.0 * 2 * Vector512<float>.Count * Steps * SampleCalls / best;
    }

    private static void Some()
    {
        for (int i = 0; i < SampleCalls; i++)
        {
            Work();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Work()
    {
        Vector512<float> x = Vector512.Create(0.999f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x;
        Vector512<float> g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < Steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, x);
            b = Vector512.FusedMultiplyAdd(b, x, x);
            c = Vector512.FusedMultiplyAdd(c, x, x);
            d = Vector512.FusedMultiplyAdd(d, x, x);
            e = Vector512.FusedMultiplyAdd(e, x, x);
            f = Vector512.FusedMultiplyAdd(f, x, x);
            g = Vector512.FusedMultiplyAdd(g, x, x);
            h = Vector512.FusedMultiplyAdd(h, x, x);
            i = Vector512.FusedMultiplyAdd(i, x, x);
            j = Vector512.FusedMultiplyAdd(j, x, x);
            k = Vector512.FusedMultiplyAdd(k, x, x);
            l = Vector512.FusedMultiplyAdd(l, x, x);
        }

        _kept += Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
