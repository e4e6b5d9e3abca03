using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// What the chosen order of joins costs over the best of those that can be forced, of queries over
/// a forum with skew and correlation, on one thread. A ratio below 1 is a plan that no chain of
/// joins can be, or one that a fence holds back.
/// </summary>
internal static class RegretBench
{
    // Orders that take this many times as long as the best so far are stopped.
    private const double StoppedAt = 20;
    private const double LongMs = 200;

    /// <summary>Options: --queries 150 --seed 1 --rounds 3 --worst 0 --rows-max 2000000.</summary>
    public static void Run(BenchArguments arguments)
    {
        int count = arguments.Number("queries", 150);
        int seed = arguments.Number("seed", 1);
        long rowsMax = arguments.Number("rows-max", 2_000_000);
        var generator = new RegretGenerator((ulong)seed);
        using NeuroStore database =
            NeuroStore.OpenInMemory(new NeuroStoreOptions { ThreadCount = 1 });
        using Session session = database.OpenSession();
        using DuckDbTpch? duck = DuckDbTpch.TryCreate(threads: 1);
        Load(generator, session, duck);
        var results = new List<RegretResult>();
        foreach (RegretQuery query in generator.Queries())
        {
            if (results.Count == count)
            {
                break;
            }

            if (Measure(session, duck, query, arguments.Number("rounds", 3), rowsMax) is { } one)
            {
                results.Add(one);
            }
        }

        var report = new BenchReport(string.Create(
            CultureInfo.InvariantCulture,
            $"regret: {count} queries whose orders of joins were forced, seed {seed}"));
        Add(report, results, duck is not null);
        report.Print(arguments);
        foreach (RegretResult result in results
            .OrderByDescending(static result => result.Ratio)
            .Take(arguments.Number("worst", 0)))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Ratio:F2}: {result.Ms:F1} ms, best {result.BestMs:F1} ms ")
                + $"({result.BestOrder}), {result.Query.Shape}: {result.Query.Sql}");
            Rows(session, "EXPLAIN ANALYZE " + result.Query.Sql)
                .ForEach(static line => Console.WriteLine("    " + line));
        }
    }

    private static void Load(RegretGenerator generator, Session session, DuckDbTpch? duck)
    {
        foreach (string definition in RegretGenerator.Definitions)
        {
            session.Execute(definition);
            _ = duck?.Run(definition);
        }

        foreach ((string table, List<long[]> rows) in generator.Tables())
        {
            foreach (long[][] some in rows.Chunk(2000))
            {
                string insert = $"INSERT INTO {table} VALUES " + string.Join(", ", some.Select(
                    static row => $"({string.Join(", ", row)})"));
                session.Execute(insert);
                _ = duck?.Run(insert);
            }
        }

        session.Execute("ANALYZE");
        duck?.Analyze();
    }

    // Null for a query with more rows than it may have.
    private static RegretResult? Measure(
        Session session, DuckDbTpch? duck, RegretQuery query, int rounds, long rowsMax)
    {
        string found = Rows(session, query.Sql)[0];
        long rows = long.Parse(found, CultureInfo.InvariantCulture);
        if (rows > rowsMax)
        {
            return null;
        }

        double ms = Time(session, query.Sql, rounds, found);
        double best = double.PositiveInfinity;
        string order = "";
        foreach ((string name, string sql) in query.Forced())
        {
            double limit = Math.Max(LongMs, StoppedAt * Math.Min(best, ms));
            session.Execute(string.Create(
                CultureInfo.InvariantCulture, $"SET statement_timeout = {limit:F0}"));
            double time = Time(session, sql, rounds, found);
            if (time < best)
            {
                (best, order) = (time, name);
            }
        }

        session.Execute("SET statement_timeout = 0");

        // Once more: the machine may have been slower when the chosen order ran.
        ms = Math.Min(ms, Time(session, query.Sql, rounds, found));
        double other = double.NaN;
        for (int i = 0; duck is not null && i < rounds; i++)
        {
            double time = ThreadTime.Of(() => Expect(duck.Run(query.Sql)[0][0], found, query.Sql));
            other = double.IsNaN(other) ? time / 1e6 : Math.Min(other, time / 1e6);
        }

        return new RegretResult(query, ms, best, order, other);
    }

    // The least processor time of some runs, in milliseconds; infinite where one was stopped.
    private static double Time(Session session, string sql, int rounds, string expected)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < rounds; i++)
        {
            try
            {
                least = Math.Min(least, ThreadTime.Of(
                    () => Expect(Rows(session, sql)[0], expected, sql)) / 1e6);
            }
            catch (NeuroStoreException error) when (error.Code == ErrorCode.Cancelled)
            {
                return double.PositiveInfinity;
            }
        }

        return least;
    }

    private static List<string> Rows(Session session, string sql)
    {
        var rows = new List<string>();
        using ResultReader reader = session.Query(sql);
        while (reader.Read())
        {
            rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return rows;
    }

    private static void Expect(string found, string expected, string sql)
    {
        if (found != expected)
        {
            throw new BenchException($"{found} rows instead of {expected}: {sql}");
        }
    }

    private static void Add(BenchReport report, List<RegretResult> results, bool hasDuck)
    {
        report.Row("shape", "queries", "p50", "p90", "p99", "max", "ms", "best ms", "DuckDB ms");
        foreach (IGrouping<string, RegretResult> group in results.GroupBy(
            static result => result.Query.Shape))
        {
            AddRow(report, group.Key, [.. group]);
        }

        AddRow(report, "all", results);
        double[] ratios = [.. results.Select(static result => result.Ratio).Order()];
        report.Figure("regret_p50", At(ratios, 0.5));
        report.Figure("regret_p90", At(ratios, 0.9));
        report.Figure("regret_p99", At(ratios, 0.99));
        report.Figure("regret_max", ratios[^1]);
        double total = results.Sum(static result => result.Ms);
        report.Figure("total_ratio", total / results.Sum(static result => result.BestMs));
        report.Figure("duckdb_ratio", results.Sum(static result => result.DuckDbMs) / total);
        if (!hasDuck)
        {
            report.Note("DuckDB is not installed (bench/peers/install.sh)");
        }
    }

    private static void AddRow(BenchReport report, string name, List<RegretResult> results)
    {
        double[] ratios = [.. results.Select(static result => result.Ratio).Order()];
        double other = results.Sum(static result => result.DuckDbMs);
        report.Row(
            name,
            results.Count.ToString(CultureInfo.InvariantCulture),
            Timing.Cell(At(ratios, 0.5)),
            Timing.Cell(At(ratios, 0.9)),
            Timing.Cell(At(ratios, 0.99)),
            Timing.Cell(ratios[^1]),
            Timing.Cell(results.Sum(static result => result.Ms)),
            Timing.Cell(results.Sum(static result => result.BestMs)),
            double.IsNaN(other) ? "" : Timing.Cell(other));
    }

    private static double At(double[] sorted, double share) =>
        sorted[(int)Math.Round(share * (sorted.Length - 1))];

    /// <summary>What was measured of a query, in milliseconds.</summary>
    private sealed record RegretResult(
        RegretQuery Query, double Ms, double BestMs, string BestOrder, double DuckDbMs)
    {
        public double Ratio => Ms / BestMs;
    }
}
