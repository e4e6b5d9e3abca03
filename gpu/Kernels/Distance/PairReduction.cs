using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// The loop that all sums over two vectors share: four independent accumulators hide the latency
/// of the addition, a fifth partial register is padded with zeros.
/// </summary>
/// <remarks>
/// Sums are kept in single precision in 4 * Count lanes, so the error grows with
/// dimension / (4 * Count), not with dimension. The order of additions depends only on the
/// dimension and the register width: one machine always gives the same bits.
/// </remarks>
internal static unsafe class PairReduction
{
    /// <summary>The sum over both spans, with the widest registers of this processor.</summary>
    public static float Compute<TOperation>(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        where TOperation : struct, IPairOperation =>
        Compute<TOperation>(a, b, VectorWidths.Widest);

    /// <summary>The sum over both spans with a given register width.</summary>
    public static float Compute<TOperation>(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, VectorWidth width)
        where TOperation : struct, IPairOperation
    {
        SpanPair.CheckLength(a, b);
        fixed (float* first = a, second = b)
        {
            return width switch
            {
                VectorWidth.Bits512 =>
                    Sum<Lanes512, Vector512<float>, TOperation>(first, second, a.Length, false),
                VectorWidth.Bits256 =>
                    Sum<Lanes256, Vector256<float>, TOperation>(first, second, a.Length, false),
                _ =>
                    Sum<Lanes128, Vector128<float>, TOperation>(first, second, a.Length, false),
            };
        }
    }

    /// <summary>
    /// The sum over two vectors of the given length; 0 where the length is 0. Whether to read
    /// ahead of <paramref name="a"/> must be a constant: the method is inlined.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TLanes, TVector, TOperation>(
        float* a, float* b, int length, bool readAhead)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TOperation : struct, IPairOperation
    {
        int lanes = TLanes.Count;
        if (length < lanes)
        {
            return SumShort<TOperation>(a, b, length);
        }

        TVector sum0 = default;
        TVector sum1 = default;
        TVector sum2 = default;
        TVector sum3 = default;
        float* end = a + length;
        for (float* last = end - (4 * lanes); a <= last; a += 4 * lanes, b += 4 * lanes)
        {
            if (readAhead)
            {
                ReadAhead.FourRegisters<TLanes, TVector>(a);
            }

            sum0 = Step<TLanes, TVector, TOperation>(a, b, sum0);
            sum1 = Step<TLanes, TVector, TOperation>(a + lanes, b + lanes, sum1);
            sum2 = Step<TLanes, TVector, TOperation>(a + (2 * lanes), b + (2 * lanes), sum2);
            sum3 = Step<TLanes, TVector, TOperation>(a + (3 * lanes), b + (3 * lanes), sum3);
        }

        for (float* last = end - lanes; a <= last; a += lanes, b += lanes)
        {
            sum0 = Step<TLanes, TVector, TOperation>(a, b, sum0);
        }

        int rest = (int)(end - a);
        if (rest > 0)
        {
            sum1 = TOperation.Step<TLanes, TVector>(
                TLanes.LoadLast(a + rest, rest), TLanes.LoadLast(b + rest, rest), sum1);
        }

        return TLanes.Sum(TLanes.Add(TLanes.Add(sum0, sum1), TLanes.Add(sum2, sum3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Step<TLanes, TVector, TOperation>(float* a, float* b, TVector sum)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TOperation : struct, IPairOperation =>
        TOperation.Step<TLanes, TVector>(TLanes.Load(a), TLanes.Load(b), sum);

    private static float SumShort<TOperation>(float* a, float* b, int length)
        where TOperation : struct, IPairOperation
    {
        float sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum = TOperation.Step(a[i], b[i], sum);
        }

        return sum;
    }
}
