using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>One launch of the scan kernel on the stand-in, for rows in some form.</summary>
internal sealed class ScanLaunch<TChunk>(
    TChunk[] rows, TChunk[] query, ulong[] mask, ScanShape shape)
    where TChunk : unmanaged
{
    /// <summary>The candidates that all groups found.</summary>
    public IEnumerable<(float Rank, int Index)> Run<TElement>(
        Metric metric, int groups, int groupSize, int warpSize)
    {
        var grid = (groups, groupSize, warpSize);
        object self = this;
        return self switch
        {
            ScanLaunch<Float4> floats => floats.Run<DeviceFloats>(metric, grid),
            ScanLaunch<Word4> words when typeof(TElement) == typeof(Half) =>
                words.Run<DeviceHalves>(metric, grid),
            ScanLaunch<Word4> words when typeof(TElement) == typeof(sbyte) =>
                words.Run<DeviceInt8>(metric, grid),
            ScanLaunch<Word4> words => words.Run<DeviceBits>(metric, grid),
            _ => throw new NotSupportedException(),
        };
    }

    private IEnumerable<(float Rank, int Index)> Run<TElements>(
        Metric metric, (int Groups, int GroupSize, int WarpSize) grid)
        where TElements : struct, IDeviceElements<TChunk> => metric switch
        {
            Metric.L2 => Launch<DeviceSquaredEuclidean<TChunk, TElements>>(grid),
            Metric.Cosine => Launch<DeviceCosine<TChunk, TElements>>(grid),
            Metric.InnerProduct => Launch<DeviceDot<TChunk, TElements>>(grid),
            Metric.Hamming => Launch<DeviceHamming<TChunk, TElements>>(grid),
            Metric.Jaccard => Launch<DeviceJaccard<TChunk, TElements>>(grid),
            _ => Launch<DeviceManhattan<TChunk, TElements>>(grid),
        };

    private List<(float Rank, int Index)> Launch<TRank>(
        (int Groups, int GroupSize, int WarpSize) grid)
        where TRank : struct, IDeviceRank<TChunk>
    {
        int lists = grid.Groups * grid.GroupSize / grid.WarpSize;
        var listRanks = new ArrayView<float>(new float[lists * shape.K]);
        var listIndexes = new ArrayView<int>(new int[lists * shape.K]);
        var ranks = new float[grid.Groups * shape.K];
        var indexes = new int[grid.Groups * shape.K];
        Lane.Launch(grid.Groups, grid.GroupSize, grid.WarpSize, () =>
            FusedScanKernel.Run<TChunk, TRank>(
                new(rows),
                new(query),
                new(mask),
                listRanks,
                listIndexes,
                new(ranks),
                new(indexes),
                shape));
        return
        [
            .. ranks.Zip(indexes).Where(found => found.Second != DeviceOrder.NoIndex),
        ];
    }
}
