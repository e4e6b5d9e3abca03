namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="FusedScan"/> over many blocks on many threads. Each thread takes pieces and fills a
/// heap of its own; the order of candidates is total, so the result does not depend on who took
/// which piece.
/// </summary>
internal static class ParallelScan
{
    /// <summary>The k closest selected rows of all blocks, closest first.</summary>
    public static Candidate[] Run<TElement, TQuery>(
        IWorkers workers,
        Metric metric,
        ReadOnlyMemory<TQuery> query,
        int k,
        IReadOnlyList<VectorBlock<TElement>> blocks,
        CancellationToken cancellation)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        List<ScanPiece> pieces = ScanPiece.Divide(blocks);
        if (k == 0 || pieces.Count == 0)
        {
            return [];
        }

        var heaps = new TopKHeap[Math.Min(workers.Count, pieces.Count)];
        int taken = 0;
        void Work(int worker)
        {
            var heap = new TopKHeap(k);
            heaps[worker] = heap;
            int next;
            while ((next = Interlocked.Increment(ref taken) - 1) < pieces.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                ScanPiece piece = pieces[next];
                FusedScan.Run(
                    metric,
                    query.Span,
                    blocks[piece.Block],
                    piece.Begin,
                    piece.End,
                    heap,
                    VectorWidths.Widest);
            }
        }

        workers.ForEach(heaps.Length, Work);
        for (int i = 1; i < heaps.Length; i++)
        {
            heaps[0].MergeFrom(heaps[i]);
        }

        return Ranks.ToResult(metric, heaps[0]);
    }
}
