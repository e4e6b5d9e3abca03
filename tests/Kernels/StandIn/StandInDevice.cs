using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Runs device code on threads, for builds without ILGPU.</summary>
internal sealed class StandInDevice(int groups, int groupSize, int warpSize) : IDeviceForm
{
    /// <inheritdoc/>
    public Candidate[] Scan(ScanQuery query, VectorBlock block)
    {
        int length = (query.Dimension + Float4.Count - 1) / Float4.Count;
        var rows = new Float4[length * block.Count];
        for (int i = 0; i < block.Count; i++)
        {
            ReadOnlySpan<float> row = block.Rows.Span.Slice(i * block.Stride, query.Dimension);
            Pack(row, rows.AsSpan(i * length, length));
        }

        var vector = new Float4[length];
        Pack(query.Vector.Span, vector);
        var shape = new ScanShape
        {
            RowCount = block.Count,
            RowLength = length,
            K = query.K,
            IsMasked = block.Mask.IsEmpty ? 0 : 1,
            QuerySquaredNorm = Norm.ComputeSquared(query.Vector.Span),
            AfterRank = float.NegativeInfinity,
            AfterIndex = -1,
        };
        TopKHeap heap = Launch(query.Metric, rows, vector, block, shape);
        return query.ToResult(heap);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static void Pack(ReadOnlySpan<float> from, Span<Float4> to) =>
        from.CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<Float4, float>(to));

    private TopKHeap Launch(
        Metric metric, Float4[] rows, Float4[] vector, VectorBlock block, ScanShape shape)
    {
        int lists = groups * groupSize / warpSize;
        var listRanks = new ArrayView<float>(new float[lists * shape.K]);
        var listIndexes = new ArrayView<int>(new int[lists * shape.K]);
        var ranks = new float[groups * shape.K];
        var indexes = new int[groups * shape.K];
        void Run<TRank>()
            where TRank : struct, IDeviceRank => FusedScanKernel.Run<TRank>(
                new(rows),
                new(vector),
                new(block.Mask.ToArray()),
                listRanks,
                listIndexes,
                new(ranks),
                new(indexes),
                shape);
        Lane.Launch(groups, groupSize, warpSize, metric switch
        {
            Metric.L2 => Run<DeviceSquaredEuclidean>,
            Metric.Cosine => Run<DeviceCosine>,
            Metric.InnerProduct => Run<DeviceDot>,
            _ => Run<DeviceManhattan>,
        });
        var heap = new TopKHeap(shape.K);
        for (int i = 0; i < indexes.Length; i++)
        {
            if (indexes[i] != DeviceOrder.NoIndex)
            {
                heap.TryAdd(ranks[i], block.FirstId + indexes[i]);
            }
        }

        return heap;
    }
}
