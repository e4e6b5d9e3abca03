using ILGPU;
using ILGPU.Runtime;

namespace NeuroDb.Gpu;

/// <summary>
/// Host side of <see cref="FusedScanKernel"/>: compiles it once for each metric, gives it its
/// scratch memory, launches it and merges what the groups found. Owned by a
/// <see cref="DeviceAccelerator"/>, which calls it from one thread at a time.
/// </summary>
internal sealed class DeviceScan : IDisposable
{
    /// <summary>
    /// The most candidates of one launch: inserting into a warp's list costs time in proportion to
    /// its length. A larger k takes several launches, each beginning where the last one ended.
    /// </summary>
    private const int LaunchCandidatesMax = 1024;

    private const int GroupSizeMax = 256;

    private readonly ILGPU.Runtime.Accelerator _device;
    private readonly AcceleratorStream _stream;
    private readonly DeviceMemory<Float4> _query;
    private readonly DeviceMemory<ulong> _mask;
    private readonly DeviceMemory<float> _listRanks;
    private readonly DeviceMemory<int> _listIndexes;
    private readonly DeviceMemory<float> _ranks;
    private readonly DeviceMemory<int> _indexes;
    private readonly Dictionary<Metric, ScanLaunch> _kernels = [];
    private readonly int _groupSize;
    private readonly int _groupsMax;

    /// <summary>Prepares scans on a device.</summary>
    public DeviceScan(ILGPU.Runtime.Accelerator device, AcceleratorStream stream)
    {
        _device = device;
        _stream = stream;
        _query = new(device, stream);
        _mask = new(device, stream);
        _listRanks = new(device, stream);
        _listIndexes = new(device, stream);
        _ranks = new(device, stream);
        _indexes = new(device, stream);
        int warp = device.WarpSize;
        _groupSize = Math.Max(
            warp, Math.Min(GroupSizeMax, device.MaxNumThreadsPerGroup) / warp * warp);
        _groupsMax = Math.Max(
            1, device.NumMultiprocessors * (device.MaxNumThreadsPerMultiprocessor / _groupSize));
    }

    /// <summary>Offers the k closest rows of one block to the heap, by rank.</summary>
    public void Run(ScanQuery query, VectorBlock block, DeviceRows rows, TopKHeap heap)
    {
        Upload(query, block, rows.RowLength);
        var shape = new ScanShape
        {
            RowCount = block.Count,
            RowLength = rows.RowLength,
            K = Math.Min(Math.Min(query.K, block.Count), LaunchCandidatesMax),
            IsMasked = block.Mask.IsEmpty ? 0 : 1,
            QuerySquaredNorm = Norm.ComputeSquared(query.Vector.Span),
            AfterRank = float.NegativeInfinity,
            AfterIndex = -1,
        };
        for (int taken = 0; taken < query.K; taken += shape.K)
        {
            Candidate[] found = Launch(query.Metric, rows, shape);
            foreach (Candidate candidate in found)
            {
                heap.TryAdd((float)candidate.Distance, block.FirstId + candidate.Id);
            }

            if (found.Length < shape.K || found[^1].Distance > heap.Threshold)
            {
                return;
            }

            shape.AfterRank = (float)found[^1].Distance;
            shape.AfterIndex = (int)found[^1].Id;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _query.Dispose();
        _mask.Dispose();
        _listRanks.Dispose();
        _listIndexes.Dispose();
        _ranks.Dispose();
        _indexes.Dispose();
    }

    private void Upload(ScanQuery query, VectorBlock block, int rowLength)
    {
        var vector = new Float4[rowLength];
        DeviceRows.Pack(query.Vector.Span, vector);
        _query.Upload(vector);
        _mask.Upload(block.Mask.Span);
    }

    private Candidate[] Launch(Metric metric, DeviceRows rows, ScanShape shape)
    {
        int warps = _groupSize / _device.WarpSize;
        int groups = Math.Min(_groupsMax, (shape.RowCount + warps - 1) / warps);
        int found = groups * shape.K;
        Kernel(metric)(
            _stream,
            new KernelConfig(groups, _groupSize),
            rows.View,
            _query.Take(shape.RowLength),
            _mask.Take(shape.IsMasked == 0 ? 0 : (shape.RowCount + 63) / 64),
            _listRanks.Take(found * (long)warps),
            _listIndexes.Take(found * (long)warps),
            _ranks.Take(found),
            _indexes.Take(found),
            shape);
        var ranks = new float[found];
        var indexes = new int[found];
        _ranks.Take(found).CopyToCPU(_stream, ranks.AsSpan());
        _indexes.Take(found).CopyToCPU(_stream, indexes.AsSpan());
        var heap = new TopKHeap(shape.K);
        for (int i = 0; i < found; i++)
        {
            if (indexes[i] != DeviceOrder.NoIndex)
            {
                heap.TryAdd(ranks[i], indexes[i]);
            }
        }

        return heap.ToSortedArray();
    }

    private ScanLaunch Kernel(Metric metric)
    {
        if (!_kernels.TryGetValue(metric, out ScanLaunch? kernel))
        {
            kernel = metric switch
            {
                Metric.L2 => Load<DeviceSquaredEuclidean<Float4, DeviceFloats>>(),
                Metric.Cosine => Load<DeviceCosine<Float4, DeviceFloats>>(),
                Metric.InnerProduct => Load<DeviceDot<Float4, DeviceFloats>>(),
                Metric.Hamming => Load<DeviceHamming<Float4, DeviceFloats>>(),
                Metric.Jaccard => throw Distance.Undefined<float>(metric),
                _ => Load<DeviceManhattan<Float4, DeviceFloats>>(),
            };
            _kernels.Add(metric, kernel);
        }

        return kernel;
    }

    private ScanLaunch Load<TRank>()
        where TRank : struct, IDeviceRank<Float4> =>
        new(_device.LoadKernel<
            ArrayView<Float4>,
            ArrayView<Float4>,
            ArrayView<ulong>,
            ArrayView<float>,
            ArrayView<int>,
            ArrayView<float>,
            ArrayView<int>,
            ScanShape>(FusedScanKernel.Run<Float4, TRank>));
}
