using System.Globalization;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>
/// The search through all codes of one bit of an index, no list left out, on all threads, beside
/// the read of as many bytes: what the nearest rows cost where nothing is known of where they are.
/// The index itself, which leaves lists out, stands beside it.
/// </summary>
internal static class ExhaustiveBench
{
    private const int NearestCount = 10;
    private static readonly float[] Confidences = [0.5f, 1, 1.5f, 2, 3];

    /// <summary>Options: --rows 1000000 --dimension 768 --rounds 25.</summary>
    public static void Run(BenchArguments arguments)
    {
        int count = arguments.Number("rows", 1_000_000);
        int dimension = arguments.Number("dimension", 768);
        int rounds = arguments.Number("rounds", 25);
        var workers = new SystemWorkers(Environment.ProcessorCount);
        float[] all = VectorData.Clustered(count + rounds, dimension, seed: 1);
        ReadOnlyMemory<float> vectors = all.AsMemory(0, count * dimension);
        float[][] queries = [.. Enumerable.Range(count, rounds).Select(
            row => all.AsSpan(row * dimension, dimension).ToArray())];
        var rows = new ArrayVectorRows(vectors, dimension, dimension);
        double cpu = ProcessMemory.CpuSeconds();
        VectorPart part = Build(workers, rows);
        cpu = ProcessMemory.CpuSeconds() - cpu;
        double[] bounds = Array.ConvertAll(queries, query => BoundOf(workers, rows, query));
        var report = new BenchReport(
            $"exhaustive: top {NearestCount} of {count:N0} x {dimension} by all codes, L2, "
            + $"{workers.Count} threads");
        report.Row("search", "recall@10", "median ms", "best ms", "rows compared", "GB/s");
        VectorDial[] dials =
        [
            .. Confidences.Select(
                confidence => new VectorDial(float.PositiveInfinity, confidence)),
            part.Dial,
        ];
        double found = double.NaN;
        foreach (VectorDial dial in dials)
        {
            double recall = Measure(
                workers, part, rows, dial, queries, bounds, out Timing timing,
                out VectorSearchStatistics done);
            bool isAll = float.IsPositiveInfinity(dial.Reach);
            report.Row(
                isAll
                    ? string.Create(
                        CultureInfo.InvariantCulture, $"all codes, confidence {dial.Confidence}")
                    : "by the index, as calibrated",
                $"{recall:F4}",
                Timing.Cell(timing.MedianUs / 1000),
                Timing.Cell(timing.BestUs / 1000),
                $"{done.Reranked / queries.Length:N0}",
                $"{done.Bytes / queries.Length / timing.MedianUs / 1e3:F1}");
            found = isAll && recall >= 0.98 && !(found < timing.MedianUs / 1000)
                ? timing.MedianUs / 1000
                : found;
        }

        Timing memory = Read(part.SizeBytes, rounds, workers.Count);
        report.Row(
            "as many bytes read", "-", Timing.Cell(memory.MedianUs / 1000),
            Timing.Cell(memory.BestUs / 1000), "-",
            $"{part.SizeBytes / memory.MedianUs / 1e3:F1}");
        report.Figure("exhaustive_ms", found);
        report.Figure("read_ms", memory.MedianUs / 1000);
        report.Figure("bytes_per_vector", (double)part.SizeBytes / count);
        report.Figure("build_cpu_s", cpu);
        report.Print(arguments);
    }

    private static VectorPart Build(IWorkers workers, ArrayVectorRows rows)
    {
        var options = new VectorIndexOptions(Metric.L2);
        return VectorCalibrator.Calibrate(
            workers,
            VectorPartBuilder.Build(workers, rows, options, default),
            rows,
            options.TargetRecall,
            options.Seed,
            default);
    }

    private static Timing Read(long sizeBytes, int rounds, int threads)
    {
        var bytes = new float[sizeBytes / sizeof(float)];

        // What was never written has no memory.
        bytes.AsSpan().Fill(1);
        return Timing.Of(rounds, 2, () => MemoryBandwidth.ReadAll([bytes], threads));
    }

    /// <summary>The rank of the last row of the true answer.</summary>
    private static double BoundOf(IWorkers workers, ArrayVectorRows rows, float[] query)
    {
        const int PieceRows = 16_384;
        int pieces = (rows.Count + PieceRows - 1) / PieceRows;
        var heaps = new TopKHeap[pieces];
        workers.ForEach(pieces, piece =>
        {
            heaps[piece] = new TopKHeap(NearestCount);
            int end = Math.Min(rows.Count, (piece + 1) * PieceRows);
            for (int row = piece * PieceRows; row < end; row++)
            {
                heaps[piece].TryAdd(SquaredEuclidean.Compute(rows.Row(row), query), row);
            }
        });
        for (int i = 1; i < pieces; i++)
        {
            heaps[0].MergeFrom(heaps[i]);
        }

        return heaps[0].ToSortedArray()[^1].Distance;
    }

    private static double Measure(
        IWorkers workers, VectorPart part, ArrayVectorRows rows, VectorDial dial,
        float[][] queries, double[] bounds, out Timing timing, out VectorSearchStatistics done)
    {
        var covered = new List<CoveredRange>
        {
            new(new IndexedRange(0, 1, part, rows), 0, null, dial),
        };
        timing = new Timing();
        done = default;
        int hits = 0;
        for (int i = 0; i < queries.Length; i++)
        {
            Candidate[] found = [];
            VectorSearchStatistics statistics = default;
            timing.Sample(() =>
            {
                using var search = new VectorSearch(Metric.L2, queries[i], NearestCount);
                VectorIndex.Run(search, covered, workers);
                found = search.Heap.ToSortedArray();
                statistics = search.Statistics;
            });
            done = done.Plus(statistics);
            hits += found.Count(row => row.Distance <= bounds[i] * (1 + 1e-6));
        }

        return (double)hits / (queries.Length * NearestCount);
    }
}
