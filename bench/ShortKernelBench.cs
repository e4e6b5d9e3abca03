using System.Diagnostics;
using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// The short form of the kernel bench: one thread, the best of some milliseconds for each kernel,
/// as ratios against the read bandwidth and the arithmetic peak of the same process and against the
/// scalar references.
/// </summary>
internal static class ShortKernelBench
{
    private const int Dimension = 768;
    private const int SizeBytes = 96 << 20;

    /// <summary>Options: those of the report.</summary>
    public static void Run(BenchArguments arguments)
    {
        var report = new BenchReport("kernels, short: one thread, best of several");
        report.Row("kernel", "ns", "rate", "ratio");
        double bandwidth = Bandwidth();
        double peak = ArithmeticPeak.Gigaflops();
        report.Row("memory read", "", $"{Timing.Cell(bandwidth)} GB/s", "");
        report.Row("fused multiply-add", "", $"{Timing.Cell(peak)} GFLOP/s", "");
        double single = Scans<float>(report, "f32", Dimension, bandwidth);
        Scans<Half>(report, "f16", Dimension, bandwidth);
        Scans<sbyte>(report, "int8", Dimension, bandwidth);
        Scans<byte>(report, "bit", Dimension / 8, bandwidth);
        Batches<float>(report, "f32", peak, single);
        Batches<Half>(report, "f16", peak, single);
        Batches<sbyte>(report, "int8", peak, single);
        CodeKernelBench.Run(report, peak);
        report.Print(arguments);
    }

    /// <summary>The best time of an action that takes a millisecond or less, in ns.</summary>
    public static double BestNs(int runs, int repeats, Action action)
    {
        WarmUp(action);
        double best = double.MaxValue;
        for (int run = 0; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                action();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats);
        }

        return best;
    }

    /// <summary>Elements of a type, in [-1, 1) or of any value.</summary>
    public static TElement[] Elements<TElement>(int count)
    {
        var random = new SeededRandomSource(1);
        var elements = new TElement[count];
        for (int i = 0; i < count; i++)
        {
            float number = ((int)(random.NextUInt64() >> 40) / (float)(1 << 23)) - 1;
            elements[i] = (TElement)(object)(typeof(TElement) switch
            {
                Type type when type == typeof(Half) => (object)(Half)number,
                Type type when type == typeof(sbyte) => (sbyte)(number * 127),
                Type type when type == typeof(byte) => (byte)((number + 1) * 127),
                _ => number,
            });
        }

        return elements;
    }

    /// <summary>
    /// Calls often enough for the JIT to compile again, and leaves it the time to do so.
    /// </summary>
    private static void WarmUp(Action action)
    {
        for (int round = 0; round < 2; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 60 && Stopwatch.GetElapsedTime(start).TotalMilliseconds < 60; i++)
            {
                action();
            }

            Thread.Sleep(250);
        }
    }

    private static double Bandwidth()
    {
        float[] memory = Elements<float>(1 << 20);
        float[] large = new float[SizeBytes / sizeof(float)];
        for (int i = 0; i < large.Length; i += memory.Length)
        {
            memory.CopyTo(large, i);
        }

        double ns = BestNs(15, 1, () => MemoryBandwidth.ReadAll([large], 1));
        return SizeBytes / ns;
    }

    private static double Scans<TElement>(
        BenchReport report, string name, int length, double bandwidth)
        where TElement : unmanaged
    {
        int size = System.Runtime.CompilerServices.Unsafe.SizeOf<TElement>();
        int count = SizeBytes / size / length;
        TElement[] some = Elements<TElement>(length * 1024);
        var rows = new TElement[count * length];
        for (int i = 0; i < rows.Length; i += some.Length)
        {
            some.AsSpan(0, Math.Min(some.Length, rows.Length - i)).CopyTo(rows.AsSpan(i));
        }

        TElement[] query = Elements<TElement>(length);
        var block = new VectorBlock<TElement>(rows, count, length, 0);
        double best = 0;
        foreach (Metric metric in (Metric[])[Metric.L2, Metric.Cosine, Metric.InnerProduct])
        {
            double ns = BestNs(8, 1, () => FusedScan.Run<TElement, TElement>(
                metric, query, block, 0, count, new TopKHeap(10), VectorWidths.Widest));
            double rate = SizeBytes / ns;
            report.Row(
                $"scan {name} {metric}",
                Timing.Cell(ns / count),
                $"{Timing.Cell(rate)} GB/s",
                $"{Timing.Cell(rate / bandwidth)} of memory");
            report.Figure($"scan_{name}_{metric}_of_bandwidth", rate / bandwidth);
            best = metric == Metric.L2 ? ns / count : best;
        }

        return best;
    }

    private static void Batches<TElement>(
        BenchReport report, string name, double peak, double single)
        where TElement : unmanaged
    {
        const int Count = 6000;
        foreach (int queries in (int[])[8, 64])
        {
            var block = new VectorBlock<TElement>(
                AlignedMemory.Copy<TElement>(Elements<TElement>(Count * Dimension)),
                Count,
                Dimension,
                0);
            var batch = new QueryBatch<TElement>(
                AlignedMemory.Copy<TElement>(Elements<TElement>(queries * Dimension)),
                queries,
                Dimension);
            double ns = BestNs(10, 1, () =>
            {
                TopKHeap[] heaps =
                    [.. Enumerable.Range(0, queries).Select(_ => new TopKHeap(10))];
                BatchScan.Run(Metric.L2, batch, block, 0, Count, heaps, VectorWidths.Widest);
            });
            double each = ns / Count / queries;
            double rate = 2.0 * Dimension / each;
            report.Row(
                $"batch {name} L2, {queries} queries",
                Timing.Cell(each),
                $"{Timing.Cell(rate)} GFLOP/s",
                $"{Timing.Cell(rate / peak)} of peak, {Timing.Cell(single / each)} x f32 scan");
            report.Figure($"batch_{name}_{queries}_of_peak", rate / peak);
            report.Figure($"batch_{name}_{queries}_vs_scan", single / each);
        }
    }
}
