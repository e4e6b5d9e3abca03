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
        VectorWidth width) =>
        Run(query.Metric, query.Vector.Span, block.Elements, begin, end, heap, width);

    /// <summary>Offers the rows [begin, end) of a block of any element type to a heap.</summary>
    public static void Run<TElement, TQuery>(
        Metric metric,
        ReadOnlySpan<TQuery> query,
        in VectorBlock<TElement> block,
        int begin,
        int end,
        TopKHeap heap,
        VectorWidth width)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        if (typeof(TQuery) == typeof(Half))
        {
            ReadOnlySpan<float> floats = ElementNumbers.Of(query);
            Run(metric, floats, block, begin, end, heap, width);
            return;
        }

        block.Check(query.Length);
        Invariant.Check(begin >= 0 && begin <= end && end <= block.Count);
        double norm = metric is Metric.Cosine or Metric.Jaccard
            ? PairReduction.Compute<TQuery, TQuery, Dot>(query, query, width)
            : 0;
        fixed (TElement* rows = block.Rows.Span)
        fixed (TQuery* queryStart = query)
        {
            var pinned = new RowBlock(
                (nint)rows,
                (nint)block.Stride * sizeof(TElement),
                query.Length,
                (nint)queryStart,
                norm,
                block.FirstId);
            Run<TElement, TQuery>(
                metric, pinned, begin, end, block.Mask.Span, heap, width);
        }
    }

    private static void Run<TElement, TQuery>(
        Metric metric,
        in RowBlock block,
        int begin,
        int end,
        ReadOnlySpan<ulong> mask,
        TopKHeap heap,
        VectorWidth width)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        switch (metric)
        {
            case Metric.L2:
                Run<TElement, TQuery, SquaredEuclidean>(block, begin, end, mask, heap, width);
                break;
            case Metric.Cosine:
                Run<TElement, TQuery, CosineDistance>(block, begin, end, mask, heap, width);
                break;
            case Metric.InnerProduct:
                Run<TElement, TQuery, Dot>(block, begin, end, mask, heap, width);
                break;
            case Metric.L1:
                Run<TElement, TQuery, Manhattan>(block, begin, end, mask, heap, width);
                break;
            case Metric.Hamming:
                Run<TElement, TQuery, Hamming>(block, begin, end, mask, heap, width);
                break;
            case Metric.Jaccard when typeof(TElement) == typeof(byte):
                Run<TElement, TQuery, Jaccard>(block, begin, end, mask, heap, width);
                break;
            default:
                throw Distance.Undefined<TElement>(metric);
        }
    }

    private static void Run<TElement, TQuery, TRank>(
        in RowBlock block,
        int begin,
        int end,
        ReadOnlySpan<ulong> mask,
        TopKHeap heap,
        VectorWidth width)
        where TElement : unmanaged
        where TQuery : unmanaged
        where TRank : struct, IRowRank
    {
        var action = new ScanAction<TRank>(block, begin, end, mask, heap);
        ElementDispatch.Run<TElement, TQuery, ScanAction<TRank>>(width, ref action);
    }
}
