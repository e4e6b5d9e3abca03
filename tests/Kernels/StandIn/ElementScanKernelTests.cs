using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device form of scans over halves, signed bytes and bits.</summary>
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

    private static void Check<TElement>(int count, int dimension, int k, Metric[] metrics)
        where TElement : unmanaged
    {
        var device = new StandInDevice(2, 8, 4);
        TElement[] query = VectorData.Elements<TElement>(dimension, 51);
        var block = new VectorBlock<TElement>(
            VectorData.Elements<TElement>(count * dimension, 52),
            count,
            dimension,
            70,
            VectorData.Mask(count, 53));
        foreach (Metric metric in metrics)
        {
            ElementCheck.Matches<TElement>(
                metric,
                ScalarScan.Run<TElement, TElement>(metric, query, k, block),
                device.Scan<TElement, Word4>(metric, query, k, block));
        }
    }
}
