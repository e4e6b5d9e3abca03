using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Runs device code on threads, for builds without ILGPU.</summary>
internal sealed class StandInDevice(int groups, int groupSize, int warpSize) : IDeviceForm
{
    /// <inheritdoc/>
    public Candidate[] Scan(ScanQuery query, VectorBlock block) =>
        Scan<float, Float4>(query.Metric, query.Vector.Span, query.K, block.Elements);

    /// <summary>
    /// The k closest rows of a block of any element type, which travel in chunks of 16 bytes.
    /// </summary>
    public Candidate[] Scan<TElement, TChunk>(
        Metric metric, ReadOnlySpan<TElement> query, int k, VectorBlock<TElement> block)
        where TElement : unmanaged
        where TChunk : unmanaged
    {
        int length = ((query.Length * Unsafe.SizeOf<TElement>()) + 15) / 16;
        var rows = new TChunk[length * block.Count];
        for (int i = 0; i < block.Count; i++)
        {
            Pack(block.Row(i, query.Length), rows.AsSpan(i * length, length));
        }

        var vector = new TChunk[length];
        Pack(query, vector);
        var shape = new ScanShape
        {
            RowCount = block.Count,
            RowLength = length,
            K = k,
            IsMasked = block.Mask.IsEmpty ? 0 : 1,
            QuerySquaredNorm = (float)PairReduction.Compute<TElement, TElement, Dot>(
                query, query, VectorWidths.Widest),
            AfterRank = float.NegativeInfinity,
            AfterIndex = -1,
        };
        TopKHeap heap = new(k);
        var launch = new ScanLaunch<TChunk>(rows, vector, block.Mask.ToArray(), shape);
        foreach ((float rank, int index) in
            launch.Run<TElement>(metric, groups, groupSize, warpSize))
        {
            heap.TryAdd(rank, block.FirstId + index);
        }

        return Ranks.ToResult(metric, heap);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static void Pack<TElement, TChunk>(ReadOnlySpan<TElement> from, Span<TChunk> to)
        where TElement : unmanaged
        where TChunk : unmanaged =>
        MemoryMarshal.AsBytes(from).CopyTo(MemoryMarshal.AsBytes(to));
}
