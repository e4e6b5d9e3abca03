using System.Numerics;
using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The loop over rows, compiled once for each pair of register width and metric. A row is read
/// once, in order, and compared with the threshold of the heap in a register.
/// </summary>
internal static unsafe class ScanLoop<TLanes, TVector, TRank>
    where TLanes : struct, IElementLanes<TVector>
    where TVector : struct
    where TRank : struct, IRowRank
{
    private const int WordBits = 64;

    /// <summary>A run of selected rows from this length on is worth reading ahead.</summary>
    private const int StreamBytesMin = 16 * 1024;

    /// <summary>Offers the rows [begin, end) that the mask selects to the heap.</summary>
    public static void Run(
        in RowBlock block, int begin, int end, ReadOnlySpan<ulong> mask, TopKHeap heap)
    {
        if (mask.IsEmpty)
        {
            RunStream(block, begin, end, heap);
            return;
        }

        int row = NextSelected(mask, begin, end);
        while (row < end)
        {
            int stop = NextUnselected(mask, row, end);
            int next = NextSelected(mask, stop, end);
            if (next < end)
            {
                ReadAhead.Row(block.Row(next));
            }

            if ((stop - row) * block.StrideBytes >= StreamBytesMin)
            {
                RunStream(block, row, stop, heap);
            }
            else
            {
                RunScattered(block, row, stop, heap);
            }

            row = next;
        }
    }

    private static void RunStream(in RowBlock block, int begin, int end, TopKHeap heap) =>
        RunRows(block, begin, end, heap, readAhead: true);

    private static void RunScattered(in RowBlock block, int begin, int end, TopKHeap heap) =>
        RunRows(block, begin, end, heap, readAhead: false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunRows(
        in RowBlock block, int begin, int end, TopKHeap heap, bool readAhead)
    {
        byte* row = block.Row(begin);
        byte* query = (byte*)block.Query;
        int dimension = block.Dimension;
        nint stride = block.StrideBytes;
        double norm = block.QuerySquaredNorm;
        float threshold = heap.Threshold;
        for (int i = begin; i < end; i++)
        {
            float rank = TRank.Rank<TLanes, TVector>(
                row, query, dimension, norm, readAhead);
            if (rank <= threshold)
            {
                heap.TryAdd(rank, block.FirstId + i);
                threshold = heap.Threshold;
            }

            row += stride;
        }
    }

    private static int NextSelected(ReadOnlySpan<ulong> mask, int from, int end)
    {
        while (from < end)
        {
            ulong rest = mask[from / WordBits] >> (from % WordBits);
            if (rest != 0)
            {
                return Math.Min(end, from + BitOperations.TrailingZeroCount(rest));
            }

            from = ((from / WordBits) + 1) * WordBits;
        }

        return end;
    }

    private static int NextUnselected(ReadOnlySpan<ulong> mask, int from, int end)
    {
        while (from < end)
        {
            ulong rest = ~mask[from / WordBits] >> (from % WordBits);
            if (rest != 0)
            {
                return Math.Min(end, from + BitOperations.TrailingZeroCount(rest));
            }

            from = ((from / WordBits) + 1) * WordBits;
        }

        return end;
    }
}
