using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device form of the scan, on every device of this build.</summary>
public sealed class FusedScanKernelTests
{
    public static TheoryData<string> Devices => new(DeviceForms.Names);

    public static TheoryData<string, int, int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int, int, int>();
            foreach (string device in DeviceForms.Names)
            {
                shapes.Add(device, 0, 16, 0, 5);
                shapes.Add(device, 1, 1, 0, 1);
                shapes.Add(device, 3, 5, 3, 10);
                shapes.Add(device, 40, 17, 0, 40);
                shapes.Add(device, 65, 64, 0, 7);
                shapes.Add(device, 70, 100, 4, 100);
                shapes.Add(device, 25, 385, 0, 3);
                shapes.Add(device, 20, 768, 0, 10);
                shapes.Add(device, 12, 1537, 7, 5);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_agrees_with_the_scalar_reference(
        string device, int count, int dimension, int padding, int k)
    {
        using IDeviceForm form = DeviceForms.Open(device);
        VectorBlock block = VectorData.Block(count, dimension, padding, 31);
        VectorBlock masked = block with { Mask = VectorData.Mask(count, 32) };
        float[] vector = VectorData.Floats(dimension, 33);
        foreach (Metric metric in VectorData.Metrics)
        {
            var query = new ScanQuery(metric, vector, k);
            ScanCheck.Matches(query, block, form.Scan(query, block));
            ScanCheck.Matches(query, masked, form.Scan(query, masked));
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void It_gives_the_same_rows_as_the_processor_where_sums_are_exact(string device)
    {
        using IDeviceForm form = DeviceForms.Open(device);
        var block = new VectorBlock(VectorData.WholeFloats(90 * 6, 34, 2), 90, 6, 7000);
        float[] vector = VectorData.WholeFloats(6, 35, 2);
        foreach (Metric metric in VectorData.Metrics)
        {
            var query = new ScanQuery(metric, vector, 40);
            var heap = new TopKHeap(40);
            FusedScan.Run(query, block, heap);
            Assert.Equal(query.ToResult(heap), form.Scan(query, block));
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Ties_go_to_the_lower_id(string device)
    {
        using IDeviceForm form = DeviceForms.Open(device);
        float[] rows = [.. Enumerable.Repeat<float[]>([1, 0, 2], 60).SelectMany(row => row)];
        var block = new VectorBlock(rows, 60, 3, 500);
        var query = new ScanQuery(Metric.Cosine, new float[] { 3, 1, 1 }, 7);
        Assert.Equal(
            Enumerable.Range(500, 7).Select(id => (long)id),
            form.Scan(query, block).Select(found => found.Id));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Rows_without_a_defined_distance_are_no_candidates(string device)
    {
        using IDeviceForm form = DeviceForms.Open(device);
        float[] rows = VectorData.Floats(20 * 33, 36);
        rows.AsSpan(5 * 33, 33).Clear();
        rows[(7 * 33) + 32] = float.NaN;
        var block = new VectorBlock(rows, 20, 33, 0);
        foreach (Metric metric in VectorData.Metrics)
        {
            var query = new ScanQuery(metric, VectorData.Floats(33, 37), 100);
            Candidate[] found = form.Scan(query, block);
            Assert.Equal(metric == Metric.Cosine ? 18 : 19, found.Length);
            Assert.DoesNotContain(found, row => row.Id == 7);
        }
    }
}
