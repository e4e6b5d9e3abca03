using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>The table, the plot and the closing line of <see cref="VectorBench"/>.</summary>
internal static class AnnReport
{
    private static readonly double[] Levels = [0.90, 0.95, 0.97, 0.99, 0.995, 0.999, 0.9997];

    /// <summary>Prints what was measured.</summary>
    public static void Print(
        IReadOnlyList<AnnRun> runs,
        PairedCost? sqlCost,
        VectorBenchSettings settings,
        BenchArguments arguments)
    {
        var report = new BenchReport(
            $"vector: top {settings.K} of {settings.Base.Count:N0} x {settings.Base.Dimension}, "
            + $"{settings.Metric}, {settings.Queries.Count:N0} queries, one thread, CPU time");
        report.Row([
            "index", "build CPU-s", "inserts/s", "bytes/vector", "p50 us @ 0.99", "p99 us",
            .. Levels.Select(static level =>
                $"QPS @ {level.ToString(CultureInfo.InvariantCulture)}")]);
        foreach (AnnRun run in runs)
        {
            report.Row([
                run.Name,
                Timing.Cell(run.BuildSeconds),
                run.Family == "exact"
                    ? "-"
                    : Timing.Cell(settings.Base.Count / run.BuildSeconds),
                Timing.Cell(run.BytesPerVector),
                run.BestAt(0.99) is { } best ? Timing.Cell(best.P50Us) : "-",
                run.BestAt(0.99) is { } same ? Timing.Cell(same.P99Us) : "-",
                .. Levels.Select(level => run.QpsAt(level) is > 0 and double qps
                    ? Timing.Cell(qps)
                    : "-")]);
        }

        if (!runs.Any(static run => run.Family == "hnswlib"))
        {
            report.Note("hnswlib is not here: bench/peers/install.sh");
        }

        if (!runs.Any(static run => run.Family == "USearch"))
        {
            report.Note("USearch is not here: bench/peers/install.sh");
        }

        report.Note("inserts/s are rows by the processor time of the build, all threads");
        AnnRun? own = runs.FirstOrDefault(static run => run.Family == "NeuroStore");
        AnnRun[] rivals = [.. runs.Where(static run => run.Family == "hnswlib")];
        report.Figure("qps_ratio_99", Ratio(own, rivals, 0.99));
        report.Figure("qps_ratio_9997", Ratio(own, rivals, 0.9997));
        report.Figure("build_ratio", own is null || rivals.Length == 0
            ? double.NaN
            : rivals.Min(static run => run.BuildSeconds) / own.BuildSeconds);
        report.Figure("bytes_per_vector", own?.BytesPerVector ?? double.NaN);
        if (sqlCost is { } cost
            && runs.FirstOrDefault(static run => run.Family == "NeuroStore SQL") is { } sql)
        {
            report.Figure("sql_cost_us", cost.MedianUs);
            report.Figure("sql_cost_mean_us", cost.MeanUs);
            report.Figure("sql_recall", sql.Points[0].Recall);
        }

        report.Figure("recall", own?.Points[0].Recall ?? double.NaN);
        if (arguments.Text("svg", null) is string path)
        {
            AnnPlot.Write(
                path,
                $"{settings.Base.Count:N0} x {settings.Base.Dimension}, {settings.Metric}",
                runs);
        }

        report.Print(arguments);
    }

    private static double Ratio(AnnRun? own, AnnRun[] rivals, double recall)
    {
        double best = rivals.Select(run => run.QpsAt(recall)).DefaultIfEmpty(0).Max();
        return own is null || best == 0 ? double.NaN : own.QpsAt(recall) / best;
    }
}
