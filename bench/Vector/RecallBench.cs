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
    // Where many rows are wanted, fewer queries tell as surely.
    private const int NeighboursMax = 40_000;
    private const int FewestQueries = 100;

    // What the contract allows.
    private const double Tolerance = 0.005;
    private static readonly double[] Targets = [0.9, 0.99, 0.999];
    private static readonly int[] Counts = [1, 10, 100, 1000];
    private static readonly Metric[] Metrics =
        [Metric.L2, Metric.Cosine, Metric.InnerProduct];

    /// <summary>
    /// Options: --rows 20000 --queries 400 --others, --further (sets and kinds of queries that were
    /// drawn up after others had been tuned on) --sets TEXT;TEXT (of names) --part 1/2 (every
    /// second set, so that several processes share the work) --metric l2|cosine|ip --base FILE
    /// --query FILE (another set, of fvecs or idx) --sql (<see cref="RecallByStatements"/>).
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        if (arguments.Has("sql"))
        {
            RecallByStatements.Run(arguments);
            return;
        }

        int rows = arguments.Number("rows", 20_000);
        int queries = arguments.Number("queries", 400);
        var report = new BenchReport(
            $"recall: targets {string.Join(", ", Targets)}; the least of k = "
            + $"{string.Join(", ", Counts)} (k in brackets), {queries} queries");
        report.Row(
            "set, metric", "like 0.9", "0.99", "0.999", "unlike 0.9", "0.99", "0.999",
            "of lists", "compared", "calibration ms");
        var outcome = new RecallOutcome(Targets, Tolerance);
        var costs = new RecallCosts();
        foreach (Func<RecallSet> draw in SetsOf(arguments, rows, queries))
        {
            RecallSet set = draw();
            foreach (Metric metric in Metrics.Where(metric => IsWanted(arguments, metric)))
            {
                Measure(report, set, metric, outcome, costs);
            }
        }

        outcome.Report(report);
        costs.Report(report);
        report.Print(arguments);
    }

    private static IEnumerable<Func<RecallSet>> SetsOf(
        BenchArguments arguments, int rows, int queries)
    {
        if (arguments.Text("base", null) is not string file)
        {
            string[]? only = arguments.Text("sets", null)?.Split(';');
            string[] part = (arguments.Text("part", null) ?? "1/1").Split('/');
            int first = int.Parse(part[0], CultureInfo.InvariantCulture) - 1;
            int parts = int.Parse(part[^1], CultureInfo.InvariantCulture);
            return (arguments.Has("others") ? OtherDistributions.All(rows, queries)
                    : arguments.Has("further") ? FurtherDistributions.Sets(rows, queries)
                    : VectorDistributions.All(rows, queries))
                .Where(set => only is null || only.Any(text =>
                    set.Name.Contains(text, StringComparison.OrdinalIgnoreCase)))
                .Where((_, i) => i % parts == first)
                .Select(static set => set.Draw);
        }

        string asked = arguments.Text("query", null)
            ?? throw new BenchException("--query FILE is missing");
        return
        [
            () => RecallSet.Of(
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

    private static void Measure(
        BenchReport report, RecallSet set, Metric metric, RecallOutcome outcome,
        RecallCosts costs)
    {
        var options = new VectorIndexOptions(metric);
        var workers = new SystemWorkers(Environment.ProcessorCount);
        var rows = new ArrayVectorRows(set.Rows.Vectors, set.Rows.Dimension, set.Rows.Dimension);
        VectorPart built = VectorPartBuilder.Build(workers, rows, options, default);
        double cpu = ProcessMemory.CpuSeconds();
        VectorPart[] parts = Array.ConvertAll(Targets, target => VectorCalibrator.Calibrate(
            workers, built, rows, target, options.Seed, default));
        cpu = ProcessMemory.CpuSeconds() - cpu;
        string name = $"{set.Name}, {metric}";
        outcome.Begin(name);
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
                        parts[i], rows, queries, truth, k,
                        out VectorSearchStatistics done, out int asked);
                    double visited = (double)done.Lists / asked / Math.Max(1, built.ListCount);
                    outcome.Add(i, set.Queries[kind].Kind, k, recall, visited);
                    if (k != 10 || Targets[i] != options.TargetRecall)
                    {
                        continue;
                    }

                    costs.Add(set.Queries[kind].Kind, done, asked);
                    lists = kind == 0 ? done.Lists : lists;
                    compared = kind == 0 ? done.Reranked / queries.Count : compared;
                }
            }
        }

        double share = (double)lists / set.Queries[0].Vectors.Count / Math.Max(1, built.ListCount);
        string[] cells =
        [
            name, .. outcome.Cells,
            $"{share:P0}", $"{compared:N0}", $"{1000 * cpu / Targets.Length:F0}",
        ];
        report.Row(cells);
        Console.Error.WriteLine(string.Join(" | ", cells));
    }

    private static double RecallOf(
        VectorPart part, ArrayVectorRows rows, VectorFile queries, DistanceTruth truth, int k,
        out VectorSearchStatistics done, out int asked)
    {
        int count = asked = Math.Min(queries.Count, Math.Max(FewestQueries, NeighboursMax / k));
        var hits = new int[count];
        var all = new VectorSearchStatistics[count];
        Parallel.For(0, count, i =>
        {
            using var search = new VectorSearch(part.Metric, queries.Row(i), k);
            if (search.IsRankable)
            {
                double time = ThreadTime.Of(
                    () => search.Run(part, rows, 0, null, part.Dial));
                all[i] = search.Statistics;
                all[i].Elapsed = TimeSpan.FromMicroseconds(time / 1000);
                hits[i] = truth.Hits(
                    i, k, search.ToResult().Select(static row => row.Id));
            }
            else
            {
                // Such a query is answered by the exact scan.
                hits[i] = truth.CountOf(i, k);
            }
        });
        done = all.Aggregate(default(VectorSearchStatistics), static (a, b) => a.Plus(b));
        long wanted = Enumerable.Range(0, count).Sum(i => (long)truth.CountOf(i, k));
        return wanted == 0 ? 1 : (double)hits.Sum() / wanted;
    }
}
