using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// The SIMD form of the scan, every register width, against the scalar reference.
/// </summary>
public sealed class FusedScanTests
{
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 0, 16, 0, 5 },
        { 1, 1, 0, 1 },
        { 1, 768, 0, 10 },
        { 5, 3, 2, 10 },
        { 63, 17, 0, 4 },
        { 64, 64, 0, 64 },
        { 65, 65, 15, 7 },
        { 130, 128, 0, 10 },
        { 200, 100, 12, 1 },
        { 257, 384, 0, 300 },
        { 100, 1537, 7, 10 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_agrees_with_the_scalar_reference(
        int count, int dimension, int padding, int k)
    {
        VectorBlock block = VectorData.Block(count, dimension, padding, 11);
        VectorBlock masked = block with { Mask = VectorData.Mask(count, 12) };
        float[] vector = VectorData.Floats(dimension, 13);
        foreach (Metric metric in VectorData.Metrics)
        {
            var query = new ScanQuery(metric, vector, k);
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                ScanCheck.Matches(query, block, Run(query, block, width));
                ScanCheck.Matches(query, masked, Run(query, masked, width));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_scan_ranks_by_the_bits_of_the_distance_kernel(
        int count, int dimension, int padding, int k)
    {
        VectorBlock block = VectorData.Block(count, dimension, padding, 14);
        float[] vector = VectorData.Floats(dimension, 15);
        foreach (Metric metric in VectorData.Metrics)
        {
            var query = new ScanQuery(metric, vector, k);
            foreach (Candidate found in Run(query, block, VectorWidths.Widest))
            {
                int row = (int)(found.Id - block.FirstId);
                ReadOnlySpan<float> elements =
                    block.Rows.Span.Slice(row * block.Stride, dimension);
                double distance = Distance.Compute<float, float>(metric, elements, vector);
                Assert.Equal((float)distance, (float)found.Distance);
            }
        }
    }

    [Fact]
    public void Ties_go_to_the_lower_id()
    {
        float[] rows = [.. Enumerable.Repeat<float[]>([1, 0, 2], 50).SelectMany(row => row)];
        var block = new VectorBlock(rows, 50, 3, 500);
        foreach (Metric metric in VectorData.Metrics)
        {
            var query = new ScanQuery(metric, new float[] { 3, 1, 1 }, 7);
            Assert.Equal(
                Enumerable.Range(500, 7).Select(id => (long)id),
                Run(query, block, VectorWidths.Widest).Select(found => found.Id));
        }
    }

    [Fact]
    public void Rows_without_a_defined_distance_are_no_candidates()
    {
        float[] rows = VectorData.Floats(20 * 33, 16);
        rows.AsSpan(5 * 33, 33).Clear();
        rows[(7 * 33) + 32] = float.NaN;
        var block = new VectorBlock(rows, 20, 33, 0);
        float[] vector = VectorData.Floats(33, 17);
        foreach (Metric metric in VectorData.Metrics)
        {
            var query = new ScanQuery(metric, vector, 100);
            Candidate[] found = Run(query, block, VectorWidths.Widest);
            Assert.Equal(metric == Metric.Cosine ? 18 : 19, found.Length);
            Assert.DoesNotContain(found, row => row.Id == 7);
            ScanCheck.Matches(query, block, found);
        }
    }

    [Fact]
    public void A_zero_query_has_no_cosine_candidates()
    {
        VectorBlock block = VectorData.Block(50, 40, 0, 18);
        var query = new ScanQuery(Metric.Cosine, new float[40], 10);
        Assert.Empty(Run(query, block, VectorWidths.Widest));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    public void A_mask_may_select_a_single_row(int selected)
    {
        var mask = new ulong[2];
        mask[selected / 64] = 1UL << (selected % 64);
        VectorBlock block = VectorData.Block(128, 19, 0, 19) with { Mask = mask };
        var query = new ScanQuery(Metric.L2, VectorData.Floats(19, 20), 10);
        Candidate found = Assert.Single(Run(query, block, VectorWidths.Widest));
        Assert.Equal(block.FirstId + selected, found.Id);
    }

    [Fact]
    public void Bits_of_the_mask_beyond_the_last_row_select_nothing()
    {
        VectorBlock block =
            VectorData.Block(70, 8, 0, 21) with { Mask = new ulong[] { 0, ulong.MaxValue } };
        var query = new ScanQuery(Metric.L1, VectorData.Floats(8, 22), 100);
        Assert.Equal(6, Run(query, block, VectorWidths.Widest).Length);
    }

    [Fact]
    public void Blocks_whose_parts_do_not_fit_are_refused()
    {
        var query = new ScanQuery(Metric.L2, new float[4], 1);
        var heap = new TopKHeap(1);
        VectorBlock[] wrong =
        [
            new(new float[39], 10, 4, 0),
            new(new float[40], 10, 3, 0),
            new(new float[400], 65, 4, 0, new ulong[1]),
        ];
        foreach (VectorBlock block in wrong)
        {
            Assert.ThrowsAny<ArgumentException>(() => FusedScan.Run(query, block, heap));
        }
    }

    [Fact]
    public void The_last_row_needs_no_padding()
    {
        var block = new VectorBlock(VectorData.Floats((9 * 6) + 4, 23), 10, 6, 0);
        var query = new ScanQuery(Metric.L2, VectorData.Floats(4, 24), 10);
        ScanCheck.Matches(query, block, Run(query, block, VectorWidths.Widest));
    }

    private static Candidate[] Run(ScanQuery query, VectorBlock block, VectorWidth width)
    {
        var heap = new TopKHeap(query.K);
        FusedScan.Run(query, block, 0, block.Count, heap, width);
        return query.ToResult(heap);
    }
}
