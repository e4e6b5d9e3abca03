using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The two steps of a <see cref="FastScan"/> over one block in registers of a width: the sums of
/// its look-ups, and what they say about each row.
/// </summary>
internal static unsafe class BlockSums
{
    /// <summary>Sub-codes whose entries add up in 16 bits, whole lanes of two bytes.</summary>
    private const int RunMax = 1024;

    /// <summary>Writes for each of the 32 rows the sum of the table entries of its code.</summary>
    /// <param name="codes">The block.</param>
    /// <param name="tables">The tables of the query.</param>
    /// <param name="size">The bytes of each.</param>
    /// <param name="sums">Room for 32 sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LookUp<TLanes, TVector>(
        byte* codes, byte* tables, int size, float* sums)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        new Span<float>(sums, CodeBlock.RowCount).Clear();
        Add<TLanes, TVector>(codes, tables, size, sums);
    }

    /// <summary>Adds to the sums what the entries of further sub-codes are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TLanes, TVector>(
        byte* codes, byte* tables, int size, float* sums)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        const int Run = RunMax * CodeBlock.SubCodeSizeBytes;
        for (int start = 0; start < size; start += Run)
        {
            int length = Math.Min(Run, size - start);
            if (TLanes.Count == 16)
            {
                LookupSums.Add512(codes + start, tables + start, length, sums);
            }
            else if (TLanes.Count == 8)
            {
                LookupSums.Add256(codes + start, tables + start, length, sums);
            }
            else
            {
                LookupSums.Add128(codes + start, tables + start, length, sums);
            }
        }
    }

    /// <summary>
    /// Turns sums into estimates and lower bounds; gives the rows whose bound is not above the
    /// threshold, a bit each.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bound<TLanes, TVector>(
        FastScanQuery query,
        in ListProbe probe,
        float threshold,
        float* sums,
        float* factors,
        float* estimates,
        float* lowers)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        const int Rows = CodeBlock.RowCount;
        TVector step = TLanes.Create(query.Step);
        TVector start = TLanes.Create(query.Base);
        TVector term = TLanes.Create(probe.Term);
        TVector distance = TLanes.Create(-probe.Confidence * probe.Distance);
        TVector spread = TLanes.Create(-probe.Confidence * query.Spread);
        TVector limit = TLanes.Create(threshold);
        uint kept = 0;
        for (int i = 0; i < Rows; i += TLanes.Count)
        {
            TVector scale = TLanes.Load(factors + Rows + i);
            TVector product = TLanes.MultiplyAdd(TLanes.Load(sums + i), step, start);
            TVector estimate = TLanes.MultiplyAdd(
                scale, product, TLanes.Add(term, TLanes.Load(factors + i)));
            TVector lower = TLanes.MultiplyAdd(
                distance, TLanes.Load(factors + (2 * Rows) + i), estimate);
            lower = TLanes.MultiplyAdd(spread, TLanes.Abs(scale), lower);
            TLanes.Store(estimate, estimates + i);
            TLanes.Store(lower, lowers + i);
            kept |= TLanes.NotGreater(lower, limit) << i;
        }

        return kept;
    }
}
