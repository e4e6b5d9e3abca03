using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// How far estimates are from the truth: the ratio of the two, whichever is larger on top, for 329
/// sub-plans of two to four tables. With the folder of the STATS data set and of the sub-plans of
/// STATS-CEB (Y. Han et al., VLDB 2022) those of them whose tables are there; otherwise a forum of
/// the same shape and as many sub-plans, drawn with a fixed seed.
/// </summary>
internal static class CardinalityBench
{
    // Of layers compiled ahead, what runs often is compiled again for about so long.
    private const double WarmUpNanoseconds = 6e9;

    /// <summary>Options: --stats FOLDER --seed 1 --rounds 5 --worst 0 --no-duckdb.</summary>
    public static void Run(BenchArguments arguments)
    {
        List<ForumTable> tables;
        List<SubPlan> plans;
        string title;
        if (arguments.Text("stats", null) is { } folder)
        {
            tables = [.. Directory.GetFiles(folder, "*.csv").Order().Select(ForumTable.Read)];
            plans =
            [
                .. File.ReadLines(Path.Combine(folder, "stats_CEB_sub_queries.sql"))
                    .Select(line => SubPlan.Parse(line.Split("||")[0], tables))
                    .OfType<SubPlan>(),
            ];
            title = "STATS-CEB";
        }
        else
        {
            var generator = new ForumGenerator((ulong)arguments.Number("seed", 1));
            tables = generator.Tables;
            plans = generator.DrawPlans();
            title = "a generated forum";
        }

        var report = new BenchReport(string.Create(
            CultureInfo.InvariantCulture,
            $"cardinality: {plans.Count} sub-plans of {title}, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{tables.Sum(static table => table.Rows.Count)} rows"));
        Measure(arguments, report, tables, plans);
        report.Print(arguments);
    }

    private static void Measure(
        BenchArguments arguments,
        BenchReport report,
        List<ForumTable> tables,
        List<SubPlan> plans)
    {
        double[] truths = [.. plans.Select(static plan => plan.Count())];
        report.Row("estimates", "p50", "p75", "p90", "p95", "p99", "max", "us p50", "us p99");
        using var own = new NeuroEstimates(tables);
        Add(report, "before ANALYZE", [.. plans.Select((plan, i) =>
            Ratio(own.Estimate(plan).Rows, truths[i]))], []);
        double seconds = own.Analyze();
        (double Rows, double Low, double High, string Source)[] estimates =
            [.. plans.Select(own.Estimate)];
        double[] ratios =
            [.. estimates.Select((estimate, i) => Ratio(estimate.Rows, truths[i]))];
        int rounds = arguments.Number("rounds", 5);
        double cold = Median(Times(plans, own.MicrosecondsOf, 1));
        WarmUp(plans, own);
        double[] times = Times(plans, own.MicrosecondsOf, rounds);
        double planning = Median(Times(plans, own.PlanningMicroseconds, rounds));
        double[] sorted = Add(report, "NeuroStore", ratios, times);
        var histograms = new HistogramEstimates(tables);
        Add(report, "histograms, independence", [.. plans.Select((plan, i) =>
            Ratio(histograms.Estimate(plan), truths[i]))], []);
        using DuckDbEstimates? duck =
            arguments.Has("no-duckdb") ? null : DuckDbEstimates.TryCreate(tables);
        if (duck is null)
        {
            report.Note("DuckDB is not installed (bench/peers/install.sh)");
        }
        else
        {
            Add(report, "DuckDB 1.5.6", [.. plans.Select((plan, i) =>
                Ratio(duck.Estimate(plan), truths[i]))], []);
        }

        AddIntervals(report, estimates, truths, seconds);
        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"an estimate took {cold:F0} us in the first round, when code is not optimised yet; ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"binding and planning a whole statement {planning:F0} us in later ones"));
        report.Figure("qerror_p50", At(sorted, 0.5));
        report.Figure("qerror_p95", At(sorted, 0.95));
        report.Figure("qerror_p99", At(sorted, 0.99));
        report.Figure("qerror_max", sorted[^1]);
        report.Figure("interval_share", ShareHeld(estimates, truths));
        report.Figure("estimate_us", Median(times));
        foreach (int i in Enumerable.Range(0, plans.Count)
            .OrderByDescending(i => ratios[i])
            .Take(arguments.Number("worst", 0)))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{ratios[i]:F2}: {truths[i]:F0} rows, {estimates[i]}, {plans[i].Sql}"));
        }
    }

    private static void AddIntervals(
        BenchReport report,
        (double Rows, double Low, double High, string Source)[] estimates,
        double[] truths,
        double analyzeSeconds)
    {
        int below = estimates.Where((estimate, i) => truths[i] <= estimate.High + 1).Count();
        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"the interval holds {100 * ShareHeld(estimates, truths):F1} % of the true numbers, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"its upper end {100.0 * below / truths.Length:F1} %; ANALYZE took ")
            + string.Create(CultureInfo.InvariantCulture, $"{analyzeSeconds:F2} s"));
    }

    private static double ShareHeld(
        (double Rows, double Low, double High, string Source)[] estimates, double[] truths) =>
        estimates.Where((estimate, i) =>
            estimate.Low <= truths[i] + 1 && truths[i] <= estimate.High + 1).Count()
        / (double)truths.Length;

    // The least time of each plan in some rounds.
    private static double[] Times(List<SubPlan> plans, Func<SubPlan, double> measure, int rounds)
    {
        double[] times = [.. plans.Select(static _ => double.PositiveInfinity)];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < times.Length; i++)
            {
                times[i] = Math.Min(times[i], measure(plans[i]));
            }
        }

        return times;
    }

    // Until code is compiled for good, as in a process that has planned for a while.
    private static void WarmUp(List<SubPlan> plans, NeuroEstimates own)
    {
        double start = ThreadTime.Now();
        while (ThreadTime.Now() - start < WarmUpNanoseconds)
        {
            foreach (SubPlan plan in plans)
            {
                own.MicrosecondsOf(plan);
                own.PlanningMicroseconds(plan);
            }
        }
    }

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    private static double[] Add(
        BenchReport report, string name, double[] ratios, double[] times)
    {
        double[] sorted = [.. ratios.Order()];
        double[] spent = [.. times.Order()];
        report.Row(
        [
            name,
            .. new[] { 0.5, 0.75, 0.9, 0.95, 0.99, 1 }.Select(
                share => Timing.Cell(At(sorted, share))),
            spent.Length == 0 ? "" : Timing.Cell(At(spent, 0.5)),
            spent.Length == 0 ? "" : Timing.Cell(At(spent, 0.99)),
        ]);
        return sorted;
    }

    private static double At(double[] sorted, double share) =>
        sorted[(int)Math.Round(share * (sorted.Length - 1))];

    private static double Ratio(double estimate, double truth) => Math.Max(
        Math.Max(1, estimate) / Math.Max(1, truth), Math.Max(1, truth) / Math.Max(1, estimate));
}
