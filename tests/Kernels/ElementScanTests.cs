using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// Distances and scans of halves, signed bytes and bits, every register width, against the
/// formula over the same numbers in double.
/// </summary>
public sealed class ElementScanTests
{
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 0, 16, 0, 5 },
        { 1, 1, 0, 1 },
        { 7, 5, 3, 10 },
        { 64, 64, 0, 64 },
        { 90, 100, 7, 7 },
        { 130, 257, 0, 10 },
        { 40, 1541, 5, 300 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Halves_agree_with_the_reference(int count, int dimension, int padding, int k) =>
        Check<Half>(count, dimension, padding, k, VectorData.Metrics);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Signed_bytes_agree_with_the_reference(
        int count, int dimension, int padding, int k) =>
        Check<sbyte>(count, dimension, padding, k, VectorData.Metrics);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Bits_agree_with_the_reference(int count, int dimension, int padding, int k) =>
        Check<byte>(count, dimension, padding, k, [.. VectorData.Metrics, Metric.Jaccard]);

    [Fact]
    public void Halves_are_asked_with_floats_without_rounding_the_query()
    {
        var block = new VectorBlock<Half>(VectorData.Elements<Half>(50 * 77, 1), 50, 77, 0);
        float[] query = VectorData.Floats(77, 2);
        foreach (Metric metric in VectorData.Metrics)
        {
            var heap = new TopKHeap(50);
            FusedScan.Run(metric, query, block, 0, 50, heap, VectorWidths.Widest);
            Candidate[] exact = ScalarScan.Run<Half, float>(metric, query, 50, block);
            foreach ((Candidate actual, Candidate expected) in
                Ranks.ToResult(metric, heap).Zip(exact))
            {
                Assert.Equal(expected.Distance, actual.Distance, 1e-4);
            }
        }
    }

    [Fact]
    public void Halves_that_are_nearly_parallel_or_asked_with_huge_numbers_have_their_cosine()
    {
        Half[] near = [.. Enumerable.Range(0, 20).SelectMany(
            static i => new[] { (Half)1000, (Half)i })];
        foreach (float scale in new[] { 1e-3f, 1, 1e30f })
        {
            float[] query = [1000 * scale, 0];
            var heap = new TopKHeap(20);
            FusedScan.Run(
                Metric.Cosine,
                query,
                new VectorBlock<Half>(near, 20, 2, 0),
                0,
                20,
                heap,
                VectorWidths.Widest);
            Candidate[] found = heap.ToSortedArray();
            for (int i = 0; i < 20; i++)
            {
                double exact = 1 - (1000 / Math.Sqrt(1_000_000 + (i * i)));
                Assert.Equal(i, found[i].Id);
                Assert.InRange(found[i].Distance, exact * 0.999999, exact * 1.000001);
            }
        }
    }

    [Fact]
    public void Every_half_is_decoded_to_the_bit()
    {
        Half[] halves =
            [.. Enumerable.Range(0, 65536).Select(i => BitConverter.UInt16BitsToHalf((ushort)i))];
        float[] one = [1f];
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            foreach (Half half in halves)
            {
                double decoded =
                    PairReduction.Compute<Half, float, Dot>([half], one, width);
                Assert.Equal((double)half, decoded);
            }
        }
    }

    [Fact]
    public void The_longest_and_largest_signed_bytes_do_not_overflow()
    {
        sbyte[] low = [.. Enumerable.Repeat((sbyte)-128, 65536)];
        sbyte[] high = [.. Enumerable.Repeat((sbyte)127, 65536)];
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            Assert.Equal(
                65536.0 * 128 * 128, PairReduction.Compute<sbyte, sbyte, Dot>(low, low, width));
            Assert.Equal(
                65536.0 * 255 * 255,
                PairReduction.Compute<sbyte, sbyte, SquaredEuclidean>(low, high, width));
        }
    }

    [Fact]
    public void Sets_without_a_member_have_no_Jaccard_distance()
    {
        Assert.Equal(double.NaN, Distance.Compute<byte, byte>(Metric.Jaccard, [0, 0], [0, 0]));
        Assert.Equal(1, Distance.Compute<byte, byte>(Metric.Jaccard, [1, 0], [2, 0]));
        Assert.Equal(0.5, Distance.Compute<byte, byte>(Metric.Jaccard, [3], [1]));
    }

    [Fact]
    public void A_metric_that_the_type_lacks_is_refused()
    {
        Assert.Throws<ArgumentException>(
            () => Distance.Compute<float, float>(Metric.Jaccard, [1], [1]));
        Assert.Throws<NotSupportedException>(
            () => Distance.Compute<sbyte, float>(Metric.L2, [1], [1]));
    }

    private static void Check<TElement>(
        int count, int dimension, int padding, int k, Metric[] metrics)
        where TElement : unmanaged
    {
        int stride = dimension + padding;
        TElement[] rows = VectorData.Elements<TElement>(count * stride, 41);
        ulong[] mask = VectorData.Mask(count, 42);
        TElement[] query = VectorData.Elements<TElement>(dimension, 43);
        var all = new VectorBlock<TElement>(rows, count, stride, 1000);
        foreach (Metric metric in metrics)
        {
            foreach (VectorBlock<TElement> block in
                (VectorBlock<TElement>[])[all, all with { Mask = mask }])
            {
                Candidate[] expected = ScalarScan.Run<TElement, TElement>(metric, query, k, block);
                foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
                {
                    var heap = new TopKHeap(k);
                    FusedScan.Run(metric, query, block, 0, count, heap, width);
                    ElementCheck.Matches<TElement>(
                        metric, expected, Ranks.ToResult(metric, heap));
                }
            }
        }
    }
}
