using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>
/// The device forms of scans over floats, halves, signed bytes and bits, for one query and for
/// four, by every metric.
/// </summary>
public sealed class ElementScanKernelTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 16, 5 },
        { 9, 5, 20 },
        { 40, 100, 7 },
        { 12, 1541, 3 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Floats_agree_with_the_reference(int count, int dimension, int k) =>
        Check<float>(count, dimension, k, VectorData.Metrics);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Halves_agree_with_the_reference(int count, int dimension, int k) =>
        Check<Half>(count, dimension, k, VectorData.Metrics);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Signed_bytes_agree_with_the_reference(int count, int dimension, int k) =>
        Check<sbyte>(count, dimension, k, VectorData.Metrics);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Bits_agree_with_the_reference(int count, int dimension, int k) =>
        Check<byte>(count, dimension, k, [.. VectorData.Metrics, Metric.Jaccard]);

    [Fact]
    public void Zero_vectors_and_ties_are_those_of_the_reference()
    {
        using var device = new KernelDevice();
        sbyte[] rows = [.. Enumerable.Range(0, 30 * 4).Select(i => (sbyte)(i / 4 % 3))];
        var block = new VectorBlock<sbyte>(rows, 30, 4, 0);
        sbyte[][] queries = [[1, 1, 1, 1], [0, 0, 0, 0], [2, 0, 0, 1], [-1, -1, -1, -1]];
        foreach (Metric metric in VectorData.Metrics)
        {
            Candidate[][] found = DeviceScans.Batch(device, metric, queries, 12, block);
            for (int i = 0; i < queries.Length; i++)
            {
                Candidate[] expected =
                    ScalarScan.Run<sbyte, sbyte>(metric, queries[i], 12, block);
                ElementCheck.Matches<sbyte>(metric, expected, found[i]);
                ElementCheck.Matches<sbyte>(
                    metric, expected, DeviceScans.Single(device, metric, queries[i], 12, block));
            }
        }
    }

    private static void Check<TElement>(int count, int dimension, int k, Metric[] metrics)
        where TElement : unmanaged
    {
        using var device = new KernelDevice();
        TElement[][] queries =
        [
            .. Enumerable.Range(51, BatchScanKernel.QueryCount)
                .Select(seed => VectorData.Elements<TElement>(dimension, seed)),
        ];
        var all = new VectorBlock<TElement>(
            VectorData.Elements<TElement>(count * dimension, 60), count, dimension, 70);
        VectorBlock<TElement> masked = all with { Mask = VectorData.Mask(count, 61) };
        foreach (Metric metric in metrics)
        {
            foreach (VectorBlock<TElement> block in new[] { all, masked })
            {
                Candidate[][] found = DeviceScans.Batch(device, metric, queries, k, block);
                for (int i = 0; i < queries.Length; i++)
                {
                    ElementCheck.Matches<TElement>(
                        metric,
                        ScalarScan.Run<TElement, TElement>(metric, queries[i], k, block),
                        found[i]);
                }

                ElementCheck.Matches<TElement>(
                    metric,
                    ScalarScan.Run<TElement, TElement>(metric, queries[0], k, block),
                    DeviceScans.Single(device, metric, queries[0], k, block));
            }
        }
    }
}
