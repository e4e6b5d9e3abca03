using BenchmarkDotNet.Attributes;
using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// The fused scan with top-10 over 256 MiB of vectors on all cores, beside the read bandwidth of
/// memory over the same bytes.
/// </summary>
public class ScanKernels : IDisposable
{
    private const int SizeBytes = 256 << 20;
    private readonly CpuAccelerator _accelerator =
        new(new SystemWorkers(Environment.ProcessorCount));

    private float[] _rows = [];
    private float[] _query = [];

    /// <summary>The dimension of the vectors.</summary>
    [Params(128, 384, 768, 1536)]
    public int Dimension { get; set; }

    /// <summary>Rows that fill the measured memory.</summary>
    public static int RowCountOf(int dimension) => SizeBytes / sizeof(float) / dimension;

    /// <summary>Makes the vectors.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _rows = GC.AllocateUninitializedArray<float>(
            RowCountOf(Dimension) * Dimension, pinned: true);
        float[] some = VectorData.Clustered(1024, Dimension, seed: 1);
        for (int start = 0; start < _rows.Length; start += some.Length)
        {
            some.AsSpan(0, Math.Min(some.Length, _rows.Length - start))
                .CopyTo(_rows.AsSpan(start));
        }

        _query = VectorData.Clustered(1, Dimension, seed: 2);
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Dispose() => _accelerator.Dispose();

    [Benchmark]
    public float MemoryRead() =>
        MemoryBandwidth.ReadAll([_rows], Environment.ProcessorCount);

    [Benchmark]
    public int TopK_L2() => Scan(Metric.L2);

    [Benchmark]
    public int TopK_Cosine() => Scan(Metric.Cosine);

    [Benchmark]
    public int TopK_InnerProduct() => Scan(Metric.InnerProduct);

    private int Scan(Metric metric)
    {
        var block = new VectorBlock(_rows, RowCountOf(Dimension), Dimension, 0);
        return _accelerator.Scan(new ScanQuery(metric, _query, 10), [block], default).Length;
    }
}
