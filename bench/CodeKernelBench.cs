using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>The kernels of the vector index: rotation, codes, code blocks, clustering.</summary>
internal static class CodeKernelBench
{
    private const int Dimension = 768;

    /// <summary>Adds the rows of all kernels to the report.</summary>
    public static void Run(BenchReport report, double peak)
    {
        Rotations(report);
        Codes(report);
        Blocks(report, 1);
        Blocks(report, 4);
        Assignment(report, peak);
    }

    private static void Rotations(BenchReport report)
    {
        foreach (int dimension in (int[])[128, 256, 784, 1536])
        {
            var rotation = new RandomRotation(dimension, 1);
            float[] vector = ShortKernelBench.Elements<float>(dimension);
            var rotated = new float[rotation.PaddedDimension];
            double ns = ShortKernelBench.BestNs(20, 500, () => rotation.Rotate(vector, rotated));
            double scalar = ShortKernelBench.BestNs(
                5, 20, () => ScalarRotation.Rotate(rotation, vector));
            report.Row(
                $"rotation {dimension}",
                Timing.Cell(ns),
                "",
                $"{Timing.Cell(scalar / ns)} x scalar");
            report.Figure($"rotation_{dimension}_vs_scalar", scalar / ns);
        }
    }

    private static void Codes(BenchReport report)
    {
        float[] vector = ShortKernelBench.Elements<float>(Dimension);
        float[] centroid = new float[Dimension];
        float sum = vector.Sum();
        double dot = ShortKernelBench.BestNs(20, 2000, () => Dot.Compute(vector, centroid));
        report.Row("dot f32", Timing.Cell(dot), "", "");
        foreach (int bits in (int[])[1, 4, 8])
        {
            var code = new byte[ResidualCode.SizeBytes(bits, Dimension)];
            double ns = ShortKernelBench.BestNs(20, 500, () =>
                ResidualCode.Encode(bits, Metric.L2, vector, centroid, code));
            double scalar = ShortKernelBench.BestNs(5, 20, () =>
                ResidualCode.EncodeScalar(bits, Metric.L2, vector, centroid, code));
            report.Row(
                $"encode {bits} bit", Timing.Cell(ns), "", $"{Timing.Cell(scalar / ns)} x scalar");
            report.Figure($"encode_{bits}_vs_scalar", scalar / ns);
            if (bits > 1)
            {
                double product = ShortKernelBench.BestNs(20, 2000, () =>
                    ResidualCode.Product(bits, code, vector, sum));
                report.Row(
                    $"product {bits} bit",
                    Timing.Cell(product),
                    "",
                    $"{Timing.Cell(dot / product)} x f32 dot");
            }
        }
    }

    private static void Blocks(BenchReport report, int bits)
    {
        const int Count = 64;
        int size = CodeBlock.SizeBytes(bits, Dimension);
        var random = new SeededRandomSource(1);
        byte[] codes =
            [.. Enumerable.Range(0, Count * size).Select(_ => (byte)random.NextUInt64())];
        float[] factors =
            [.. Enumerable.Range(0, CodeBlock.FactorCount).Select(i => i < 64 ? 1f : 0.1f)];
        float[] vector = ShortKernelBench.Elements<float>(Dimension);
        var query = new FastScanQuery(bits, vector);
        var probe = new ListProbe(1, 1, 1.9f);
        var estimates = new float[CodeBlock.RowCount];
        var lowers = new float[CodeBlock.RowCount];
        double Time(Func<int, uint> filter) => ShortKernelBench.BestNs(20, 5, () =>
        {
            for (int i = 0; i < Count; i++)
            {
                filter(i * size);
            }
        }) / Count / CodeBlock.RowCount;
        double ns = Time(at => FastScan.Filter(
            query, probe, codes.AsSpan(at, size), factors, -1e9f, ~0u, new(estimates, lowers)));
        double scalar = Time(at => FastScan.FilterScalar(
            query, probe, codes.AsSpan(at, size), factors, -1e9f, ~0u, new(estimates, lowers)));
        double tables = ShortKernelBench.BestNs(
            20, 200, () => query = new FastScanQuery(bits, vector));
        report.Row(
            $"fast scan {bits} bit, a row of {Dimension}",
            Timing.Cell(ns),
            $"{Timing.Cell(size / 32 / ns)} GB/s",
            $"{Timing.Cell(scalar / ns)} x scalar");
        report.Row($"tables {bits} bit", Timing.Cell(tables), "", "");
        report.Figure($"fastscan_{bits}_ns", ns);
        report.Figure($"fastscan_{bits}_vs_scalar", scalar / ns);
    }

    private static void Assignment(BenchReport report, double peak)
    {
        const int Rows = 256;
        const int Clusters = 256;
        float[] vectors = ShortKernelBench.Elements<float>(Rows * Dimension);
        var set = new CentroidSet(
            ShortKernelBench.Elements<float>(Clusters * Dimension), Dimension);
        var assignment = new int[Rows];
        var distances = new float[Rows];
        double ns = ShortKernelBench.BestNs(15, 1, () => NearestCentroid.Find(
            vectors, Dimension, set, assignment, distances, VectorWidths.Widest)) / Rows;
        double rate = 2.0 * Dimension * Clusters / ns;
        report.Row(
            $"assign to {Clusters}",
            Timing.Cell(ns),
            $"{Timing.Cell(rate)} GFLOP/s",
            $"{Timing.Cell(rate / peak)} of peak");
        report.Figure("assign_of_peak", rate / peak);
    }
}
