namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="BatchScan"/> over many blocks on many threads; as with <see cref="ParallelScan"/>
/// the result does not depend on who took which piece.
/// </summary>
internal static class ParallelBatch
{
    /// <summary>The k closest selected rows of all blocks for each query, closest first.</summary>
    public static Candidate[][] Run<TElement, TQuery>(
        IWorkers workers,
        Metric metric,
        QueryBatch<TQuery> queries,
        int k,
        IReadOnlyList<VectorBlock<TElement>> blocks,
        CancellationToken cancellation)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        queries.Check();
        queries = queries with { Vectors = AlignedMemory.Copy(queries.Vectors.Span) };
        List<ScanPiece> pieces = ScanPiece.Divide(blocks);
        int threads = Math.Max(1, Math.Min(workers.Count, pieces.Count));
        var heaps = new TopKHeap[threads][];
        int taken = 0;
        void Work(int worker)
        {
            var own = new TopKHeap[queries.Count];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = new TopKHeap(k);
            }

            heaps[worker] = own;
            int next;
            while ((next = Interlocked.Increment(ref taken) - 1) < pieces.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                (int block, int begin, int end) = pieces[next];
                BatchScan.Run(
                    metric, queries, blocks[block], begin, end, own, VectorWidths.Widest);
            }
        }

        workers.ForEach(threads, Work);
        for (int worker = 1; worker < threads; worker++)
        {
            for (int i = 0; i < queries.Count; i++)
            {
                heaps[0][i].MergeFrom(heaps[worker][i]);
            }
        }

        return [.. heaps[0].Select(heap => Ranks.ToResult(metric, heap))];
    }
}
