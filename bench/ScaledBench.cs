using System.Diagnostics;
using NeuroDb.Gpu;
using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>
/// The exact search through floats beside the same search through copies in signed bytes: one
/// thread, the same chunks, taking turns, by processor time.
/// </summary>
internal static class ScaledBench
{
    private const int NearestCount = 10;

    /// <summary>Options: --rows 200000 --dimension 768 --rounds 12 --base FILE.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rounds = arguments.Number("rounds", 12);
        var report = new BenchReport("scaled: exact top 10 by bytes and floats, one thread");
        report.Row("rows", "metric", "floats ms", "bytes ms", "ratio", "rows compared", "certain");
        if (arguments.Text("base", null) is { } path)
        {
            VectorFile file = VectorFile.Read(path, int.MaxValue);
            Run(report, "file", file.Vectors, file.Dimension, rounds);
            report.Print(arguments);
            return;
        }

        int rows = arguments.Number("rows", 200_000);
        int dimension = arguments.Number("dimension", 768);
        Run(report, "clustered", VectorData.Clustered(rows, dimension, 1), dimension, rounds);
        Run(report, "random", Gaussian(rows, dimension), dimension, rounds);
        report.Print(arguments);
    }

    private static void Run(
        BenchReport report, string name, float[] vectors, int dimension, int rounds)
    {
        int count = vectors.Length / dimension;
        var workers = new SystemWorkers(1);
        var pieces = new List<(VectorPiece Piece, ScaledVectors Codes)>();
        var blocks = new List<VectorBlock<float>>();
        var build = Stopwatch.StartNew();
        for (int start = 0; start < count; start += Limits.ChunkRowCount)
        {
            int rows = Math.Min(Limits.ChunkRowCount, count - start);
            var store = new FloatVectorStore(DataType.VectorOf(dimension));
            store.Reserve(rows);
            for (int row = 0; row < rows; row++)
            {
                vectors.AsSpan((start + row) * dimension, dimension).CopyTo(store.RowAt(row));
            }

            store.Scale(rows);
            pieces.Add((new VectorPiece(store, rows, start, [], true), store.Scaled!));
            blocks.Add(new VectorBlock<float>(store.RowsOf(rows), rows, store.Stride, start));
        }

        Console.WriteLine($"{count} rows copied in {build.ElapsedMilliseconds} ms");
        foreach (Metric metric in (Metric[])[Metric.L2, Metric.Cosine, Metric.InnerProduct])
        {
            var floats = new List<double>();
            var bytes = new List<double>();
            int certain = 0;
            long compared = 0;
            for (int round = 0; round < rounds; round++)
            {
                float[] query = vectors.AsSpan(
                    round * 997 % count * dimension, dimension).ToArray();
                query[round] += 1;
                Candidate[] plain = [];
                Candidate[]? scaled = null;
                floats.Add(Time(() => plain = ParallelScan.Run<float, float>(
                    workers, metric, query, NearestCount, blocks, default)));
                var scan = new ScaledScan(workers, metric, query, NearestCount, default);
                bytes.Add(Time(() => scaled = scan.Run(pieces)));
                compared += scan.ComparedCount;
                certain += scaled is null ? 0 : 1;
                Invariant.Check(scaled is null || plain.SequenceEqual(scaled));
            }

            double slow = Median(floats);
            double fast = Median(bytes);
            report.Row(
                $"{name} {count} x {dimension}",
                $"{metric}",
                Timing.Cell(slow),
                Timing.Cell(fast),
                Timing.Cell(slow / fast),
                $"{compared / rounds}",
                $"{certain}/{rounds}");
        }
    }

    private static double Time(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }

    private static float[] Gaussian(int rows, int dimension)
    {
        var random = new Random(5);
        var vectors = new float[(long)rows * dimension];
        for (int i = 0; i < vectors.Length; i += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            double angle = 2 * Math.PI * random.NextDouble();
            vectors[i] = (float)(radius * Math.Cos(angle));
            vectors[i + 1] = (float)(radius * Math.Sin(angle));
        }

        return vectors;
    }
}
