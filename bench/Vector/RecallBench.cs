using System.Globalization;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>
/// Whether an index keeps the recall that it promises: sets of every kind, three targets, three
/// metrics, queries like the rows and unlike them, the nearest 1, 10, 100 and 1,000. Distances are
/// computed anew in double precision.
/// </summary>
internal static class RecallBench
{
    private static readonly double[] Targets = [0.9, 0.99, 0.999];
    private static readonly int[] Counts = [1, 10, 100, 1000];
    private static readonly Metric[] Metrics =
        [Metric.L2, Metric.Cosine, Metric.InnerProduct];

    /// <summary>
    /// Options: --rows 20000 --queries 400 --sets TEXT (of names) --metric l2|cosine|ip
    /// --base FILE --query FILE (another set, of fvecs or idx).
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 20_000);
        int queries = arguments.Number("queries", 400);
        string? only = arguments.Text("sets", null);
        var report = new BenchReport(
            $"recall: targets {string.Join(", ", Targets)}; the least of k = "
            + $"{string.Join(", ", Counts)} (k in brackets), {queries} queries");
        report.Row(
            "set, metric", "like 0.9", "0.99", "0.999", "unlike 0.9", "0.99", "0.999",
            "of lists", "compared", "calibration ms");
        var worst = new double[Targets.Length];
        worst.AsSpan().Fill(1);
        foreach (RecallSet set in SetsOf(arguments, rows, queries).Where(set =>
            only is null || set.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            foreach (Metric metric in Metrics.Where(metric => IsWanted(arguments, metric)))
            {
                Measure(report, set, metric, worst);
            }
        }

        for (int i = 0; i < Targets.Length; i++)
        {
            report.Figure(
                string.Create(CultureInfo.InvariantCulture, $"recall_min_{Targets[i]}"),
                worst[i]);
        }

        report.Print(arguments);
    }

    private static IEnumerable<RecallSet> SetsOf(
        BenchArguments arguments, int rows, int queries)
    {
        if (arguments.Text("base", null) is not string file)
        {
            return VectorDistributions.All(rows, queries);
        }

        string asked = arguments.Text("query", null)
            ?? throw new ArgumentException("--query FILE is missing");
        return
        [
            RecallSet.Of(
                Path.GetFileName(file),
                VectorFile.Read(file, arguments.Number("rows", int.MaxValue)),
                VectorFile.Read(asked, queries)),
        ];
    }

    private static bool IsWanted(BenchArguments arguments, Metric metric) =>
        arguments.Text("metric", null) switch
        {
            "l2" => metric == Metric.L2,
            "cosine" => metric == Metric.Cosine,
            "ip" => metric == Metric.InnerProduct,
            _ => true,
        };

    private static void Measure(BenchReport report, RecallSet set, Metric metric, double[] worst)
    {
        var options = new VectorIndexOptions(metric);
        var workers = new SystemWorkers(Environment.ProcessorCount);
        var rows = new ArrayVectorRows(set.Rows.Vectors, set.Rows.Dimension, set.Rows.Dimension);
        VectorPart built = VectorPartBuilder.Build(workers, rows, options, default);
        double cpu = ProcessMemory.CpuSeconds();
        VectorPart[] parts = Array.ConvertAll(Targets, target => VectorCalibrator.Calibrate(
            workers, built, rows, target, options.Seed, default));
        cpu = ProcessMemory.CpuSeconds() - cpu;
        var like = new Least[Targets.Length];
        var unlike = new Least[Targets.Length];
        long lists = 0;
        long compared = 0;
        for (int kind = 0; kind < set.Queries.Length; kind++)
        {
            VectorFile queries = set.Queries[kind].Vectors;
            var truth = new DistanceTruth(set.Rows, queries, metric, Counts[^1]);
            for (int i = 0; i < Targets.Length; i++)
            {
                foreach (int k in Counts)
                {
                    double recall = RecallOf(
                        parts[i], rows, queries, truth, k, out VectorSearchStatistics done);
                    Least[] least = kind == 0 ? like : unlike;
                    least[i] = least[i].With(recall, k, set.Queries[kind].Kind);
                    worst[i] = Math.Min(worst[i], recall);
                    if (kind == 0 && k == 10 && Targets[i] == options.TargetRecall)
                    {
                        lists = done.Lists;
                        compared = done.Reranked / queries.Count;
                    }
                }
            }
        }

        double share = (double)lists / set.Queries[0].Vectors.Count / Math.Max(1, built.ListCount);
        string[] cells =
        [
            $"{set.Name}, {metric}",
            .. like.Select(static least => least.ToString()),
            .. unlike.Select(static least => least.ToString()),
            $"{share:P0}", $"{compared:N0}", $"{1000 * cpu / Targets.Length:F0}",
        ];
        report.Row(cells);
        Console.Error.WriteLine(string.Join(" | ", cells));
    }

    private static double RecallOf(
        VectorPart part, ArrayVectorRows rows, VectorFile queries, DistanceTruth truth, int k,
        out VectorSearchStatistics done)
    {
        var hits = new int[queries.Count];
        var all = new VectorSearchStatistics[queries.Count];
        Parallel.For(0, queries.Count, i =>
        {
            using var search = new VectorSearch(part.Metric, queries.Row(i), k);
            if (search.IsRankable)
            {
                search.Run(part, rows, 0, null, part.Dial);
                hits[i] = truth.Hits(
                    i, k, search.ToResult().Select(static row => row.Id));
            }
            else
            {
                // Such a query is answered by the exact scan.
                hits[i] = truth.CountOf(i, k);
            }

            all[i] = search.Statistics;
        });
        done = all.Aggregate(default(VectorSearchStatistics), static (a, b) => a.Plus(b));
        long wanted = Enumerable.Range(0, queries.Count).Sum(i => (long)truth.CountOf(i, k));
        return wanted == 0 ? 1 : (double)hits.Sum() / wanted;
    }

    /// <summary>The least recall of several, and where it was measured.</summary>
    private readonly record struct Least(double Recall, int K, string Kind)
    {
        public Least With(double recall, int k, string kind) =>
            Kind is null || recall < Recall ? new Least(recall, k, kind) : this;

        public override string ToString() =>
            $"{Recall:F4} ({K}{(Kind == "like" ? "" : " " + Kind)})";
    }
}
