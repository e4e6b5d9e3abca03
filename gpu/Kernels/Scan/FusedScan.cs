using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Exact similarity scan with fused top-k, SIMD form: every selected row is compared with the
/// query and only the k closest leave, ranked as <see cref="IRowRank"/> says.
/// </summary>
/// <remarks>
/// Shapes: rows (count, dimension) with a row stride, query (dimension). A row whose distance is
/// undefined (NaN) is not a candidate. One call runs on one thread; the result does not depend on
/// how rows are divided among calls.
/// </remarks>
internal static unsafe class FusedScan
{
    /// <summary>Offers the rows of a block to a heap, with the widest registers.</summary>
    public static void Run(ScanQuery query, in VectorBlock block, TopKHeap heap) =>
        Run(query, block, 0, block.Count, heap, VectorWidths.Widest);

    /// <summary>Offers the rows [begin, end) of a block to a heap.</summary>
    public static void Run(
        ScanQuery query,
        in VectorBlock block,
        int begin,
        int end,
        TopKHeap heap,
        VectorWidth width)
    {
        block.Check(query.Dimension);
        Invariant.Check(begin >= 0 && begin <= end && end <= block.Count);
        if (begin == end)
        {
            return;
        }

        ReadOnlySpan<float> vector = query.Vector.Span;
        float norm = query.Metric == Metric.Cosine
            ? PairReduction.Compute<Dot>(vector, vector, width)
            : 0;
        fixed (float* rows = block.Rows.Span, queryStart = vector)
        {
            var pinned = new RowBlock(
                (nint)rows, block.Stride, query.Dimension, (nint)queryStart, norm, block.FirstId);
            Run(query.Metric, pinned, begin, end, block.Mask.Span, heap, width);
        }
    }

    private static void Run(
        Metric metric,
        in RowBlock block,
        int begin,
        int end,
        ReadOnlySpan<ulong> mask,
        TopKHeap heap,
        VectorWidth width)
    {
        switch (metric)
        {
            case Metric.L2:
                Run<SquaredEuclidean>(block, begin, end, mask, heap, width);
                break;
            case Metric.Cosine:
                Run<CosineDistance>(block, begin, end, mask, heap, width);
                break;
            case Metric.InnerProduct:
                Run<Dot>(block, begin, end, mask, heap, width);
                break;
            default:
                Run<Manhattan>(block, begin, end, mask, heap, width);
                break;
        }
    }

    private static void Run<TRank>(
        in RowBlock block,
        int begin,
        int end,
        ReadOnlySpan<ulong> mask,
        TopKHeap heap,
        VectorWidth width)
        where TRank : struct, IRowRank
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                ScanLoop<Lanes512, Vector512<float>, TRank>.Run(block, begin, end, mask, heap);
                break;
            case VectorWidth.Bits256:
                ScanLoop<Lanes256, Vector256<float>, TRank>.Run(block, begin, end, mask, heap);
                break;
            default:
                ScanLoop<Lanes128, Vector128<float>, TRank>.Run(block, begin, end, mask, heap);
                break;
        }
    }
}
