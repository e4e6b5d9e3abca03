using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The host side of device scans, on ILGPU's simulator.</summary>
public sealed class DeviceAcceleratorTests
{
    [Fact]
    public void Blocks_with_a_version_stay_on_the_device_within_the_budget()
    {
        using IlgpuDevice device = IlgpuDevice.Simulated(4, 4, rowsSizeBytesMax: 4096);
        var query = new ScanQuery(Metric.L2, VectorData.Floats(10, 1), 5);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 1; i <= 4; i++)
            {
                VectorBlock block = VectorData.Block(30, 10, 0, i) with { Version = i };
                ScanCheck.Matches(query, block, device.Scan(query, block));
            }
        }

        Assert.Equal(2, device.Accelerator.KeptBlockCount);
    }

    [Fact]
    public void Blocks_without_a_version_are_sent_with_each_scan()
    {
        using IlgpuDevice device = IlgpuDevice.Simulated(4, 4);
        float[] rows = VectorData.Floats(20 * 8, 2);
        var block = new VectorBlock(rows, 20, 8, 0);
        var query = new ScanQuery(Metric.L1, VectorData.Floats(8, 3), 5);
        ScanCheck.Matches(query, block, device.Scan(query, block));
        rows.AsSpan().Reverse();
        ScanCheck.Matches(query, block, device.Scan(query, block));
        Assert.Equal(0, device.Accelerator.KeptBlockCount);
    }

    [Fact]
    public void More_candidates_than_one_launch_gives_are_all_found()
    {
        using IlgpuDevice device = IlgpuDevice.Simulated(4, 4);
        var block = new VectorBlock(VectorData.WholeFloats(1500 * 2, 4, 5), 1500, 2, 0);
        var query = new ScanQuery(Metric.L2, new float[2], 1400);
        var heap = new TopKHeap(1400);
        FusedScan.Run(query, block, heap);
        Assert.Equal(query.ToResult(heap), device.Scan(query, block));
    }

    [Fact]
    public void Several_blocks_give_the_same_as_the_processor()
    {
        using IlgpuDevice device = IlgpuDevice.Simulated(4, 4);
        using var cpu = new CpuAccelerator(new SystemWorkers(1));
        var blocks = new List<VectorBlock>();
        for (int i = 0; i < 4; i++)
        {
            blocks.Add(new VectorBlock(
                VectorData.WholeFloats(40 * 5, i, 3), 40, 5, i * 100, VectorData.Mask(40, i)));
        }

        var query = new ScanQuery(Metric.InnerProduct, VectorData.WholeFloats(5, 9, 3), 12);
        Assert.Equal(
            cpu.Scan(query, blocks, default),
            device.Accelerator.Scan(query, blocks, default));
    }
}
