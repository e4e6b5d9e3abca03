using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// Recall while the distribution of the rows changes, as in the streaming track of the Big ANN
/// Benchmarks (NeurIPS 2023): clusters are inserted one after the other, old ones are deleted, rows
/// are moved, and after each step queries from the newest cluster, from a deleted one and from all
/// are compared with the exact answer. Nothing is rebuilt by hand; in the middle the database is
/// closed and opened.
/// </summary>
internal static class RunbookBench
{
    private static readonly (VectorMetric Metric, string Operators, string Sign)[] Metrics =
    [
        (VectorMetric.L2, "vector_l2_ops", "<->"),
        (VectorMetric.Cosine, "vector_cosine_ops", "<=>"),
        (VectorMetric.InnerProduct, "vector_ip_ops", "<#>"),
    ];

    /// <summary>
    /// Options: --rows 60000 --dimension 96 --clusters 20 --window 8 --queries 100
    /// --metric l2|cosine|ip --base FILE --query FILE.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        Runbook book = BookOf(arguments);
        var report = new BenchReport(
            $"runbook: {book.Rows.Count:N0} x {book.Rows.Dimension} in {book.ClusterCount} "
            + $"clusters, {book.Window} at a time, target 0.99");
        report.Row(
            "metric, step", "rows", "recall@10 newest", "deleted", "all", "inserts/s", "ms/query");
        var recalls = new List<double>();
        var rates = new List<double>();
        foreach ((VectorMetric metric, string operators, string sign) in Metrics.Where(
            known => IsWanted(arguments, known.Metric)))
        {
            using var folder = new TemporaryFolder("runbook");
            using var run = new RunbookRun(folder.File("db"), book, operators, sign);
            for (int step = 0; step < book.ClusterCount; step++)
            {
                RunbookStep done = run.Step(step);
                report.Row(
                    $"{metric}, {step}",
                    $"{done.RowCount:N0}",
                    done.Newest.ToString("F4", CultureInfo.InvariantCulture),
                    done.Deleted.ToString("F4", CultureInfo.InvariantCulture),
                    done.All.ToString("F4", CultureInfo.InvariantCulture),
                    $"{done.InsertsPerSecond:N0}",
                    done.QueryMs.ToString("F2", CultureInfo.InvariantCulture));
                recalls.AddRange(
                    ((double[])[done.Newest, done.Deleted, done.All])
                        .Where(static recall => !double.IsNaN(recall)));
                rates.Add(done.InsertsPerSecond);
            }
        }

        report.Figure("recall_min", recalls.Min());
        report.Figure("recall_mean", recalls.Average());
        report.Figure("inserts_per_s", rates.Average());
        report.Print(arguments);
    }

    private static bool IsWanted(BenchArguments arguments, VectorMetric metric) =>
        arguments.Text("metric", null) switch
        {
            "l2" => metric == VectorMetric.L2,
            "cosine" => metric == VectorMetric.Cosine,
            "ip" => metric == VectorMetric.InnerProduct,
            _ => true,
        };

    private static Runbook BookOf(BenchArguments arguments)
    {
        int clusters = arguments.Number("clusters", 20);
        int window = arguments.Number("window", 8);
        int queries = arguments.Number("queries", 100);
        if (arguments.Text("base", null) is not string file)
        {
            return Runbook.Generate(
                arguments.Number("rows", 60_000),
                arguments.Number("dimension", 96),
                clusters,
                window,
                queries);
        }

        string asked = arguments.Text("query", null)
            ?? throw new ArgumentException("--query FILE is missing");
        return Runbook.Divide(
            VectorFile.Read(file, arguments.Number("rows", 60_000)),
            VectorFile.Read(asked, 10_000),
            clusters,
            window,
            queries);
    }
}
