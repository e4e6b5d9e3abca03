using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// Launches of the scan kernels for a metric and an element type, whose rows travel in chunks of
/// 16 bytes: floats in fours, halves, signed bytes and bits in words.
/// </summary>
internal static class DeviceScans
{
    /// <summary>The k closest rows to one query.</summary>
    public static Candidate[] Single<TElement>(
        KernelDevice device, Metric metric, TElement[] query, int k, VectorBlock<TElement> block)
        where TElement : unmanaged
    {
        ArrayView<float> ranks = device.Send(new float[device.Groups * k]);
        ArrayView<int> indexes = device.Send(new int[device.Groups * k]);
        var shape = new ScanShape
        {
            RowCount = block.Count,
            RowLength = Length<TElement>(query.Length),
            K = k,
            IsMasked = block.Mask.IsEmpty ? 0 : 1,
            QuerySquaredNorm = SquaredNorm<TElement>(query),
            AfterRank = float.NegativeInfinity,
            AfterIndex = -1,
        };
        device.Launch(
            Kernel<TElement>(typeof(FusedScanKernel), metric),
            Rows(device, block, query.Length),
            Packed<TElement>(device, [query], query.Length),
            device.Send(block.Mask.ToArray()),
            device.Send(new float[device.Warps * k]),
            device.Send(new int[device.Warps * k]),
            ranks,
            indexes,
            shape);
        return Merged(
            metric, device.Fetch(ranks), device.Fetch(indexes), k, block.FirstId);
    }

    /// <summary>The k closest rows to each query of a batch.</summary>
    public static Candidate[][] Batch<TElement>(
        KernelDevice device,
        Metric metric,
        TElement[][] queries,
        int k,
        VectorBlock<TElement> block)
        where TElement : unmanaged
    {
        int dimension = queries[0].Length;
        int found = device.Groups * k;
        ArrayView<float> ranks = device.Send(new float[queries.Length * found]);
        ArrayView<int> indexes = device.Send(new int[queries.Length * found]);
        var shape = new BatchScanShape
        {
            RowCount = block.Count,
            RowLength = Length<TElement>(dimension),
            K = k,
            IsMasked = block.Mask.IsEmpty ? 0 : 1,
        };
        float[] norms = [.. queries.Select(query => SquaredNorm<TElement>(query))];
        device.Launch(
            Kernel<TElement>(typeof(BatchScanKernel), metric),
            Rows(device, block, dimension),
            Packed(device, queries, dimension),
            device.Send(norms),
            device.Send(block.Mask.ToArray()),
            device.Send(new float[queries.Length * device.Warps * k]),
            device.Send(new int[queries.Length * device.Warps * k]),
            ranks,
            indexes,
            shape);
        float[] allRanks = device.Fetch(ranks);
        int[] allIndexes = device.Fetch(indexes);
        return
        [
            .. queries.Select((_, i) => Merged(
                metric,
                allRanks.AsSpan(i * found, found),
                allIndexes.AsSpan(i * found, found),
                k,
                block.FirstId)),
        ];
    }

    private static Candidate[] Merged(
        Metric metric, ReadOnlySpan<float> ranks, ReadOnlySpan<int> indexes, int k, long firstId)
    {
        var heap = new TopKHeap(k);
        for (int i = 0; i < ranks.Length; i++)
        {
            if (indexes[i] != DeviceOrder.NoIndex)
            {
                heap.TryAdd(ranks[i], firstId + indexes[i]);
            }
        }

        return Ranks.ToResult(metric, heap);
    }

    /// <summary>The kernel with its chunk and rank.</summary>
    private static MethodInfo Kernel<TElement>(Type kernel, Metric metric)
    {
        (Type chunk, Type elements) = typeof(TElement) switch
        {
            Type type when type == typeof(float) => (typeof(Float4), typeof(DeviceFloats)),
            Type type when type == typeof(System.Half) => (typeof(Word4), typeof(DeviceHalves)),
            Type type when type == typeof(sbyte) => (typeof(Word4), typeof(DeviceInt8)),
            _ => (typeof(Word4), typeof(DeviceBits)),
        };
        Type rank = metric switch
        {
            Metric.L2 => typeof(DeviceSquaredEuclidean<,>),
            Metric.Cosine => typeof(DeviceCosine<,>),
            Metric.InnerProduct => typeof(DeviceDot<,>),
            Metric.Hamming => typeof(DeviceHamming<,>),
            Metric.Jaccard => typeof(DeviceJaccard<,>),
            _ => typeof(DeviceManhattan<,>),
        };
        return kernel.GetMethod("Run")!
            .MakeGenericMethod(chunk, rank.MakeGenericType(chunk, elements));
    }

    private static object Rows<TElement>(
        KernelDevice device, VectorBlock<TElement> block, int dimension)
        where TElement : unmanaged =>
        Packed(
            device,
            [.. Enumerable.Range(0, block.Count).Select(i => block.Row(i, dimension).ToArray())],
            dimension);

    /// <summary>Vectors in chunks, padded with zeros.</summary>
    private static object Packed<TElement>(
        KernelDevice device, TElement[][] vectors, int dimension)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float)
            ? device.Send(Chunks<TElement, Float4>(vectors, dimension))
            : device.Send(Chunks<TElement, Word4>(vectors, dimension));

    private static TChunk[] Chunks<TElement, TChunk>(TElement[][] vectors, int dimension)
        where TElement : unmanaged
        where TChunk : unmanaged
    {
        int length = Length<TElement>(dimension);
        var chunks = new TChunk[vectors.Length * length];
        for (int i = 0; i < vectors.Length; i++)
        {
            MemoryMarshal.AsBytes(vectors[i].AsSpan()).CopyTo(
                MemoryMarshal.AsBytes(chunks.AsSpan(i * length, length)));
        }

        return chunks;
    }

    private static int Length<TElement>(int dimension)
        where TElement : unmanaged => ((dimension * Unsafe.SizeOf<TElement>()) + 15) / 16;

    private static float SquaredNorm<TElement>(ReadOnlySpan<TElement> vector)
        where TElement : unmanaged =>
        (float)PairReduction.Compute<TElement, TElement, Dot>(
            vector, vector, VectorWidths.Widest);
}
