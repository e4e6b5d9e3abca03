using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The loop that all sums over two vectors share: four independent accumulators hide the latency
/// of the addition, a fifth partial register is padded with zeros.
/// </summary>
/// <remarks>
/// Floats are added up in single precision in 4 * Count lanes, so the error grows with
/// dimension / (4 * Count), not with dimension. The order of additions depends only on the
/// dimension and the register width: one machine always gives the same bits. Whole numbers and
/// bits are added up exactly.
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
        where TOperation : struct, IPairOperation =>
        (float)Compute<float, float, TOperation>(a, b, width);

    /// <summary>The sum over vectors of any element types that kernels know.</summary>
    public static double Compute<TElement, TQuery, TOperation>(
        ReadOnlySpan<TElement> a, ReadOnlySpan<TQuery> b, VectorWidth width)
        where TElement : unmanaged
        where TQuery : unmanaged
        where TOperation : struct, IPairOperation
    {
        SpanPair.CheckLength(a, b);
        fixed (TElement* first = a)
        fixed (TQuery* second = b)
        {
            var action = new PairAction<TOperation>((byte*)first, (byte*)second, a.Length);
            ElementDispatch.Run<TElement, TQuery, PairAction<TOperation>>(width, ref action);
            return action.Result;
        }
    }

    /// <summary>
    /// The sum over two vectors of the given length; 0 where the length is 0. Whether to read
    /// ahead of <paramref name="a"/> must be a constant: the method is inlined.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum<TLanes, TVector, TOperation>(
        byte* a, byte* b, int length, bool readAhead)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
        where TOperation : struct, IPairOperation
    {
        int rowStep = TLanes.Count * TLanes.RowSizeBytes;
        int queryStep = TLanes.Count * TLanes.QuerySizeBytes;
        TVector sum0 = default;
        TVector sum1 = default;
        TVector sum2 = default;
        TVector sum3 = default;
        int rest = length;
        for (; rest >= 4 * TLanes.Count; rest -= 4 * TLanes.Count)
        {
            if (readAhead)
            {
                ReadAhead.Bytes(a, 4 * rowStep);
            }

            sum0 = Step<TLanes, TVector, TOperation>(a, b, sum0);
            sum1 = Step<TLanes, TVector, TOperation>(a + rowStep, b + queryStep, sum1);
            sum2 = Step<TLanes, TVector, TOperation>(a + (2 * rowStep), b + (2 * queryStep), sum2);
            sum3 = Step<TLanes, TVector, TOperation>(a + (3 * rowStep), b + (3 * queryStep), sum3);
            a += 4 * rowStep;
            b += 4 * queryStep;
        }

        for (; rest >= TLanes.Count; rest -= TLanes.Count)
        {
            sum0 = Step<TLanes, TVector, TOperation>(a, b, sum0);
            a += rowStep;
            b += queryStep;
        }

        if (rest > 0)
        {
            sum1 = TOperation.Step<TLanes, TVector>(
                TLanes.LoadRowPartial(a, rest), TLanes.LoadQueryPartial(b, rest), sum1);
        }

        return TLanes.Sum(TLanes.Add(TLanes.Add(sum0, sum1), TLanes.Add(sum2, sum3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Step<TLanes, TVector, TOperation>(byte* a, byte* b, TVector sum)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
        where TOperation : struct, IPairOperation =>
        TOperation.Step<TLanes, TVector>(TLanes.LoadRow(a), TLanes.LoadQuery(b), sum);
}
