namespace NeuroDb.Gpu;

/// <summary>
/// Exact similarity scan, scalar reference: the plain formula row by row. It defines what the SIMD
/// and the device form must give; nothing but tests and benchmarks runs it.
/// </summary>
internal static class ScalarScan
{
    /// <summary>The k closest selected rows of the block, closest first.</summary>
    public static Candidate[] Run(ScanQuery query, in VectorBlock block)
    {
        block.Check(query.Dimension);
        var heap = new TopKHeap(query.K);
        ReadOnlySpan<ulong> mask = block.Mask.Span;
        for (int i = 0; i < block.Count; i++)
        {
            if (mask.IsEmpty || ((mask[i / 64] >> (i % 64)) & 1) != 0)
            {
                ReadOnlySpan<float> row =
                    block.Rows.Span.Slice(i * block.Stride, query.Dimension);
                double distance = Distance.ComputeScalar(query.Metric, row, query.Vector.Span);
                heap.TryAdd((float)distance, block.FirstId + i);
            }
        }

        return heap.ToSortedArray();
    }
}
