namespace NeuroDb.Gpu;

/// <summary>
/// Exact similarity scan, scalar reference: the plain formula row by row. It defines what the SIMD
/// and the device form must give; nothing but tests and benchmarks runs it.
/// </summary>
internal static class ScalarScan
{
    /// <summary>The k closest selected rows of the block, closest first.</summary>
    public static Candidate[] Run(ScanQuery query, in VectorBlock block) =>
        Run(query.Metric, query.Vector.Span, query.K, block.Elements);

    /// <summary>The k closest selected rows of a block of any element type.</summary>
    public static Candidate[] Run<TElement, TQuery>(
        Metric metric, ReadOnlySpan<TQuery> query, int k, in VectorBlock<TElement> block)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        block.Check(query.Length);
        var heap = new TopKHeap(k);
        for (int i = 0; i < block.Count; i++)
        {
            if (block.IsSelected(i))
            {
                double distance =
                    Distance.ComputeScalar(metric, block.Row(i, query.Length), query);
                heap.TryAdd((float)distance, block.FirstId + i);
            }
        }

        return heap.ToSortedArray();
    }
}
