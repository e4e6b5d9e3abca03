using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>A batch finds, to the bit, what a scan for each of its queries finds.</summary>
public sealed class BatchScanTests
{
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 0, 16, 0, 5, 3 },
        { 1, 1, 0, 1, 1 },
        { 10, 7, 3, 20, 5 },
        { 100, 64, 0, 10, 4 },
        { 250, 100, 5, 10, 9 },
        { 64, 1541, 0, 3, 6 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_batch_of_floats_agrees(
        int count, int dimension, int padding, int k, int queries) =>
        Check<float>(count, dimension, padding, k, queries);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_batch_of_halves_agrees(
        int count, int dimension, int padding, int k, int queries) =>
        Check<Half>(count, dimension, padding, k, queries);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_batch_of_signed_bytes_agrees(
        int count, int dimension, int padding, int k, int queries) =>
        Check<sbyte>(count, dimension, padding, k, queries);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_batch_of_bits_agrees(
        int count, int dimension, int padding, int k, int queries) =>
        Check<byte>(count, dimension, padding, k, queries);

    [Fact]
    public void Near_duplicates_far_from_the_origin_are_told_apart()
    {
        const int Dimension = 96;
        float[] rows = VectorData.Floats(300 * Dimension, 21);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = 1000 + (rows[i] * 0.01f);
        }

        Compare(Metric.L2, rows[..(5 * Dimension)], 5, new(rows, 300, Dimension, 0), 10);
    }

    [Fact]
    public void NaN_zero_and_huge_vectors_are_treated_as_by_a_scan()
    {
        const int Dimension = 40;
        float[] rows = VectorData.Floats(60 * Dimension, 22);
        rows[(7 * Dimension) + 3] = float.NaN;
        rows.AsSpan(9 * Dimension, Dimension).Clear();
        rows.AsSpan(11 * Dimension, Dimension).Fill(1e25f);
        rows.AsSpan(12 * Dimension, Dimension).Fill(1.001e25f);
        rows[(13 * Dimension) + 1] = float.PositiveInfinity;
        float[] queries = [.. rows.AsSpan(7 * Dimension, 6 * Dimension)];
        foreach (Metric metric in VectorData.Metrics)
        {
            Compare(metric, queries, 6, new(rows, 60, Dimension, 0), 60);
        }
    }

    [Fact]
    public void Ties_go_to_the_lower_id()
    {
        float[] rows = VectorData.WholeFloats(500 * 4, 23, 1);
        float[] queries = VectorData.WholeFloats(7 * 4, 24, 1);
        foreach (Metric metric in VectorData.Metrics)
        {
            Compare(metric, queries, 7, new(rows, 500, 4, 9000), 33);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_number_of_threads_does_not_change_a_bit(int threads)
    {
        VectorBlock<float>[] blocks =
        [
            .. Enumerable.Range(0, 3).Select(i => new VectorBlock<float>(
                VectorData.Floats(2000 * 33, i), 2000, 33, i * 4000, VectorData.Mask(2000, i))),
        ];
        var queries = new QueryBatch<float>(VectorData.Floats(10 * 33, 25), 10, 33);
        using var accelerator = new CpuAccelerator(new SystemWorkers(threads));
        Candidate[][] found =
            accelerator.ScanBatch(Metric.L2, queries, 12, blocks, default);
        for (int i = 0; i < queries.Count; i++)
        {
            Candidate[] expected = accelerator.Scan<float, float>(
                Metric.L2, queries.Query(i).ToArray(), 12, blocks, default);
            Assert.Equal(expected, found[i]);
        }
    }

    [Fact]
    public void A_batch_without_queries_or_rows_is_empty()
    {
        using var accelerator = new CpuAccelerator(new SystemWorkers(2));
        var none = new QueryBatch<float>(default, 0, 8);
        VectorBlock<float>[] blocks = [new(new float[80], 10, 8, 0)];
        Assert.Empty(accelerator.ScanBatch(Metric.L2, none, 5, blocks, default));
        var one = new QueryBatch<float>(new float[8], 1, 8);
        Assert.Empty(accelerator.ScanBatch<float, float>(Metric.L2, one, 5, [], default)[0]);
        Assert.Empty(accelerator.ScanBatch(Metric.L2, one, 0, blocks, default)[0]);
    }

    private static void Check<TElement>(
        int count, int dimension, int padding, int k, int queries)
        where TElement : unmanaged
    {
        int stride = dimension + padding;
        TElement[] rows = VectorData.Elements<TElement>(count * stride, 26);
        TElement[] vectors = VectorData.Elements<TElement>(queries * dimension, 27);
        var block = new VectorBlock<TElement>(rows, count, stride, 100);
        foreach (Metric metric in VectorData.Metrics)
        {
            Compare(metric, vectors, queries, block, k);
            Compare(metric, vectors, queries, block with { Mask = VectorData.Mask(count, 28) }, k);
        }
    }

    private static void Compare<TElement>(
        Metric metric, TElement[] vectors, int count, VectorBlock<TElement> block, int k)
        where TElement : unmanaged
    {
        var queries = new QueryBatch<TElement>(vectors, count, vectors.Length / count);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            TopKHeap[] heaps = [.. Enumerable.Range(0, count).Select(_ => new TopKHeap(k))];
            BatchScan.Run(metric, queries, block, 0, block.Count, heaps, width);
            for (int i = 0; i < count; i++)
            {
                var heap = new TopKHeap(k);
                FusedScan.Run(metric, queries.Query(i), block, 0, block.Count, heap, width);
                Assert.Equal(heap.ToSortedArray(), heaps[i].ToSortedArray());
            }
        }
    }
}
