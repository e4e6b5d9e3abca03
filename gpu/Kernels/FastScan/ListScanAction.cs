using System.Numerics;
using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>The SIMD form of <see cref="ListScan"/>, waiting for its registers.</summary>
/// <remarks>
/// Blocks are taken in groups: while the heads of a group are read, the tails that are needed are
/// asked for, and they have arrived when it is their turn.
/// </remarks>
internal unsafe ref struct ListScanAction(
    FastScanQuery query,
    ListProbe probe,
    ReadOnlySpan<byte> blocks,
    int rowCount,
    float threshold,
    ListSurvivors survivors,
    ReadOnlySpan<byte> upcoming) : IFloatAction
{
    private const int Rows = CodeBlock.RowCount;
    private const int GroupBlocks = 16;
    private readonly ReadOnlySpan<byte> _blocks = blocks;
    private readonly ReadOnlySpan<byte> _upcoming = upcoming;
    private readonly int _headCodes = ListBlocks.HeadCodesSizeBytes(DimensionOf(query));
    private readonly int _headSize = ListBlocks.HeadSizeBytes(DimensionOf(query));
    private readonly int _tailCodes = ListBlocks.TailCodesSizeBytes(DimensionOf(query));
    private readonly int _tailSize = ListBlocks.TailSizeBytes(DimensionOf(query));

    /// <summary>The rows that were found.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of the heads, and of the tails that were needed.</summary>
    public long SizeBytesRead { get; private set; }

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* sums = stackalloc float[GroupBlocks * Rows];
        int* waiting = stackalloc int[GroupBlocks];
        int count = ListBlocks.CountOf(rowCount);
        bool isAll = !(threshold < float.PositiveInfinity);
        int tails = 0;
        fixed (byte* start = _blocks, next = _upcoming, tables = query.Tables)
        {
            byte* end = start + ((nint)count * _headSize);
            for (int group = 0; group < count; group += GroupBlocks)
            {
                int left = 0;
                int groupEnd = Math.Min(group + GroupBlocks, count);
                for (int block = group; block < groupEnd; block++)
                {
                    byte* head = start + ((nint)block * _headSize);
                    float* own = sums + (left * Rows);
                    ReadAhead.Block(head, _headSize, end, next, _upcoming.Length);
                    BlockSums.LookUp<TLanes, TVector>(head, tables, _headCodes, own);
                    uint kept = isAll ? ~0u : BoundHead<TLanes, TVector>(own, head + _headCodes);
                    if ((kept & RowsOf(block)) != 0)
                    {
                        waiting[left++] = block;
                        ReadAhead.Lines(end + ((nint)block * _tailSize), _tailSize);
                    }
                }

                for (int i = 0; i < left; i++)
                {
                    byte* head = start + ((nint)waiting[i] * _headSize);
                    byte* tail = end + ((nint)waiting[i] * _tailSize);
                    float* own = sums + (i * Rows);
                    BlockSums.Add<TLanes, TVector>(tail, tables + _headCodes, _tailCodes, own);
                    Take<TLanes, TVector>(waiting[i], own, head + _headCodes, tail + _tailCodes);
                }

                tails += left;
            }
        }

        SizeBytesRead = ((long)count * _headSize) + ((long)tails * _tailSize);
    }

    private static int DimensionOf(FastScanQuery query) =>
        query.Tables.Length / FastScanQuery.EntryCount * 4;

    private readonly uint RowsOf(int block)
    {
        int left = rowCount - (block * Rows);
        return left < Rows ? (1u << left) - 1 : ~0u;
    }

    /// <summary>The rows that heads leave, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint BoundHead<TLanes, TVector>(float* sums, byte* factors)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector step = TLanes.Create(query.HeadStep);
        TVector start = TLanes.Create(query.HeadBase);
        TVector term = TLanes.Create(probe.Term);
        TVector first = TLanes.Create(
            -probe.Confidence * ((probe.Distance * query.HeadError.First) + query.HeadSpread));
        TVector second = TLanes.Create(
            -probe.Confidence * probe.Distance * query.HeadError.Second * ListBlocks.RatioStep);
        TVector limit = TLanes.Create(threshold);
        float* floats = (float*)factors;
        ushort* ratios = (ushort*)(floats + (2 * Rows));
        uint kept = 0;
        for (int i = 0; i < Rows; i += TLanes.Count)
        {
            TVector scale = TLanes.Load(floats + Rows + i);
            TVector product = TLanes.MultiplyAdd(TLanes.Load(sums + i), step, start);
            TVector estimate = TLanes.MultiplyAdd(
                scale, product, TLanes.Add(term, TLanes.Load(floats + i)));
            TVector error = TLanes.MultiplyAdd(TLanes.LoadWords(ratios + i), second, first);
            TVector lower = TLanes.MultiplyAdd(TLanes.Abs(scale), error, estimate);
            kept |= TLanes.NotGreater(lower, limit) << i;
        }

        return kept;
    }

    /// <summary>Takes the rows of a block that the whole code leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take<TLanes, TVector>(int block, float* sums, byte* factors, byte* adds)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* estimates = stackalloc float[Rows];
        float* lowers = stackalloc float[Rows];
        uint kept = Bound<TLanes, TVector>(
            sums, (float*)factors, (float*)adds, estimates, lowers) & RowsOf(block);
        int found = Count;
        for (; kept != 0; kept &= kept - 1)
        {
            int row = BitOperations.TrailingZeroCount(kept);
            survivors.Slots[found] = (block * Rows) + row;
            survivors.Estimates[found] = estimates[row];
            survivors.Lowers[found] = lowers[row];
            found++;
        }

        Count = found;
    }

    private readonly uint Bound<TLanes, TVector>(
        float* sums, float* factors, float* adds, float* estimates, float* lowers)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector step = TLanes.Create(query.Step);
        TVector start = TLanes.Create(query.Base);
        TVector term = TLanes.Create(probe.Term);
        TVector spread = TLanes.Create(-probe.Confidence * query.Spread);
        TVector distance = TLanes.Create(
            -probe.Confidence * probe.Distance * ListBlocks.RatioStep);
        TVector limit = TLanes.Create(threshold);
        ushort* ratios = (ushort*)(factors + (2 * Rows));
        uint kept = 0;
        for (int i = 0; i < Rows; i += TLanes.Count)
        {
            TVector scale = TLanes.Load(factors + Rows + i);
            TVector product = TLanes.MultiplyAdd(TLanes.Load(sums + i), step, start);
            TVector estimate = TLanes.MultiplyAdd(
                scale, product, TLanes.Add(term, TLanes.Load(adds + i)));
            TVector error = TLanes.MultiplyAdd(TLanes.LoadWords(ratios + i), distance, spread);
            TVector lower = TLanes.MultiplyAdd(TLanes.Abs(scale), error, estimate);
            TLanes.Store(estimate, estimates + i);
            TLanes.Store(lower, lowers + i);
            kept |= TLanes.NotGreater(lower, limit) << i;
        }

        return kept;
    }
}
