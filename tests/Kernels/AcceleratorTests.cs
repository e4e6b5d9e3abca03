using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The processor device, and how a device is chosen.</summary>
public sealed class AcceleratorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_number_of_threads_does_not_change_a_bit(int threads)
    {
        var blocks = new List<VectorBlock>();
        for (int i = 0; i < 5; i++)
        {
            blocks.Add(VectorData.Block(3000 + i, 50, i, i) with { FirstId = i * 4096 });
        }

        blocks.Insert(2, new VectorBlock(default, 0, 50, 99));
        using var accelerator = new CpuAccelerator(new SystemWorkers(threads));
        foreach (Metric metric in VectorData.Metrics)
        {
            var query = new ScanQuery(metric, VectorData.Floats(50, 77), 25);
            var heap = new TopKHeap(25);
            foreach (VectorBlock block in blocks)
            {
                FusedScan.Run(query, block, heap);
            }

            Assert.Equal(query.ToResult(heap), accelerator.Scan(query, blocks, default));
        }
    }

    [Fact]
    public void A_search_for_no_rows_or_among_no_rows_is_empty()
    {
        using var accelerator = new CpuAccelerator(new SystemWorkers(2));
        VectorBlock block = VectorData.Block(10, 4, 0, 1);
        var none = new ScanQuery(Metric.L2, new float[4], 0);
        Assert.Empty(accelerator.Scan(none, [block], default));
        Assert.Empty(accelerator.Scan(new ScanQuery(Metric.L2, new float[4], 3), [], default));
    }

    [Fact]
    public void A_cancelled_scan_stops()
    {
        using var accelerator = new CpuAccelerator(new SystemWorkers(2));
        var query = new ScanQuery(Metric.L2, new float[4], 1);
        Assert.Throws<OperationCanceledException>(() =>
            accelerator.Scan(query, [VectorData.Block(10, 4, 0, 1)], new(canceled: true)));
    }

    [Fact]
    public void The_name_says_what_the_processor_runs_with()
    {
        using var accelerator = new CpuAccelerator(new SystemWorkers(2));
        Assert.Matches(@"^cpu \(.+, 2 threads\)$", accelerator.Name);
        Assert.Equal(AcceleratorKind.Cpu, accelerator.Kind);
    }

    [Fact]
    public void Automatic_choice_falls_back_to_the_processor_and_says_why()
    {
        using var pool = new AcceleratorPool(new SystemWorkers(1));
        AcceleratorSelection selection = pool.Resolve(AcceleratorChoice.Auto);
        if (selection.Accelerator.Kind == AcceleratorKind.Cpu)
        {
            Assert.StartsWith("no CUDA: ", selection.Reason, StringComparison.Ordinal);
            var missing = Assert.Throws<NeuroStoreException>(
                () => pool.Resolve(AcceleratorChoice.Cuda));
            Assert.Equal(ErrorCode.AcceleratorMissing, missing.Code);
        }
        else
        {
            Assert.Same(
                selection.Accelerator, pool.Resolve(AcceleratorChoice.Cuda).Accelerator);
        }

        Assert.Equal(
            AcceleratorKind.Cpu, pool.Resolve(AcceleratorChoice.Cpu).Accelerator.Kind);
    }
}
