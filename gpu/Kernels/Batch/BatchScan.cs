namespace NeuroDb.Gpu;

/// <summary>
/// Exact similarity scan for many queries at once, SIMD form: rows are read once for all queries,
/// and tiles of three rows by four queries are computed in registers. Gives what
/// <see cref="FusedScan"/> gives for each query, to the bit.
/// </summary>
/// <remarks>
/// Shapes: rows (count, dimension) with a row stride, queries (count, dimension), a heap for each
/// query. Halves are widened once for a chunk of rows. Hamming and Jaccard, which have no tile, and
/// bits run one query after another over rows that stay in the cache.
/// </remarks>
internal static unsafe class BatchScan
{
    /// <summary>Rows that one query passes over at a time where there is no tile.</summary>
    private const int PassRows = 256;

    /// <summary>Offers the rows [begin, end) of a block to the heap of every query.</summary>
    public static void Run<TElement, TQuery>(
        Metric metric,
        in QueryBatch<TQuery> queries,
        in VectorBlock<TElement> block,
        int begin,
        int end,
        TopKHeap[] heaps,
        VectorWidth width)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        queries.Check();
        block.Check(queries.Dimension);
        Invariant.Check(begin >= 0 && begin <= end && end <= block.Count);
        Invariant.Check(heaps.Length == queries.Count, "a heap for each query");
        if (typeof(TQuery) == typeof(Half))
        {
            float[] floats = ElementNumbers.Of(queries.Vectors.Span);
            var wide = new QueryBatch<float>(floats, queries.Count, queries.Dimension);
            Run(metric, wide, block, begin, end, heaps, width);
            return;
        }

        bool hasTile = typeof(TElement) != typeof(byte);
        switch (metric)
        {
            case Metric.L2 when hasTile:
                RunTiles<TElement, TQuery, SquaredEuclidean, Dot>(
                    metric, queries, block, begin, end, heaps, width);
                break;
            case Metric.Cosine when hasTile:
                RunTiles<TElement, TQuery, CosineDistance, Dot>(
                    metric, queries, block, begin, end, heaps, width);
                break;
            case Metric.InnerProduct when hasTile:
                RunTiles<TElement, TQuery, Dot, Dot>(
                    metric, queries, block, begin, end, heaps, width);
                break;
            case Metric.L1 when hasTile:
                RunTiles<TElement, TQuery, Manhattan, Manhattan>(
                    metric, queries, block, begin, end, heaps, width);
                break;
            default:
                RunPasses(metric, queries, block, begin, end, heaps, width);
                break;
        }
    }

    private static void RunPasses<TElement, TQuery>(
        Metric metric,
        in QueryBatch<TQuery> queries,
        in VectorBlock<TElement> block,
        int begin,
        int end,
        TopKHeap[] heaps,
        VectorWidth width)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        for (int row = begin; row < end; row += PassRows)
        {
            int stop = Math.Min(end, row + PassRows);
            for (int i = 0; i < queries.Count; i++)
            {
                FusedScan.Run(metric, queries.Query(i), block, row, stop, heaps[i], width);
            }
        }
    }

    private static void RunTiles<TElement, TQuery, TRank, TOperation>(
        Metric metric,
        in QueryBatch<TQuery> queries,
        in VectorBlock<TElement> block,
        int begin,
        int end,
        TopKHeap[] heaps,
        VectorWidth width)
        where TElement : unmanaged
        where TQuery : unmanaged
        where TRank : struct, IRowRank
        where TOperation : struct, IPairOperation
    {
        int dimension = queries.Dimension;
        BatchState state = Prepare(metric, queries, heaps, width);
        bool isHalf = typeof(TElement) == typeof(Half);
        var chunk = new RowChunk(dimension * (isHalf ? sizeof(float) : sizeof(TElement)));
        float[] wide = isHalf ? new float[(long)chunk.Indexes.Length * dimension] : [];
        nint[] starts = new nint[queries.Count];
        fixed (TElement* rows = block.Rows.Span)
        fixed (TQuery* vectors = queries.Vectors.Span)
        fixed (float* wideRows = wide)
        fixed (nint* queryStarts = starts)
        {
            for (int i = 0; i < starts.Length; i++)
            {
                starts[i] = (nint)(vectors + ((nint)i * dimension));
            }

            var exact = new ExactRank<TElement, TQuery, TRank>(
                rows, block.Stride, vectors, dimension, block.FirstId, width);
            for (int row = begin; row < end && starts.Length > 0;)
            {
                row = chunk.Fill(row, end, block.Mask.Span);
                Prepare(metric, chunk, rows, block.Stride, dimension, wideRows, width);
                var action = new BatchAction<TOperation, ExactRank<TElement, TQuery, TRank>>(
                    state, chunk, queryStarts, dimension, exact);
                if (isHalf)
                {
                    ElementDispatch.Run<
                        float,
                        float,
                        BatchAction<TOperation, ExactRank<TElement, TQuery, TRank>>>(
                        width, ref action);
                }
                else
                {
                    ElementDispatch.Run<
                        TElement,
                        TQuery,
                        BatchAction<TOperation, ExactRank<TElement, TQuery, TRank>>>(
                        width, ref action);
                }
            }
        }
    }

    private static BatchState Prepare<TQuery>(
        Metric metric, in QueryBatch<TQuery> queries, TopKHeap[] heaps, VectorWidth width)
        where TQuery : unmanaged
    {
        var state = new BatchState(heaps);
        for (int i = 0; i < queries.Count; i++)
        {
            ReadOnlySpan<TQuery> query = queries.Query(i);
            double norm = PairReduction.Compute<TQuery, TQuery, Dot>(query, query, width);
            TileBounds bounds = TileBounds.OfQuery(metric, norm, queries.Dimension);
            state.Norms[i] = norm;
            state.Terms[i] = bounds.Term;
            state.Scales[i] = bounds.Scale;
        }

        return state;
    }

    private static void Prepare<TElement>(
        Metric metric,
        RowChunk chunk,
        TElement* rows,
        int stride,
        int dimension,
        float* wide,
        VectorWidth width)
        where TElement : unmanaged
    {
        for (int i = 0; i < chunk.Count; i++)
        {
            TElement* row = rows + ((nint)chunk.Indexes[i] * stride);
            chunk.TileRows[i] = (nint)row;
            if (typeof(TElement) == typeof(Half))
            {
                float* target = wide + ((nint)i * dimension);
                var action = new WidenAction((Half*)row, target, dimension);
                FloatDispatch.Run(width, ref action);
                chunk.TileRows[i] = (nint)target;
            }

            var elements = new ReadOnlySpan<TElement>(row, dimension);
            double norm = metric == Metric.L1
                ? 0
                : PairReduction.Compute<TElement, TElement, Dot>(elements, elements, width);
            chunk.Bounds[i] = TileBounds.OfRow(metric, norm, dimension);
        }
    }
}
