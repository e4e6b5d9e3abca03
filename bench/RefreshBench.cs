using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// What a user notices while a column of vectors is made anew in the background: the times of short
/// statements before, during and after, of one process on one directory.
/// </summary>
internal static class RefreshBench
{
    private const int RowsUsual = 100_000;
    private const double WarmUpSeconds = 2;

    private static readonly string[] Names = ["select by key", "ten nearest", "update by key"];

    /// <summary>Options: --rows 100000 --seconds 20.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", RowsUsual);
        int seconds = arguments.Number("seconds", 20);
        var report = new BenchReport($"refresh: {rows:N0} rows get vectors of another version");
        using var folder = new TemporaryFolder("refresh");
        using NeuroStore database = NeuroStore.Open(folder.Path);
        Prepare(database, rows);
        using Session session = database.OpenSession();
        session.Execute("SET threads = 1");
        using Statement select = session.Prepare("SELECT body FROM docs WHERE id = ?");
        using Statement nearest = session.Prepare(
            "SELECT id FROM semantic_search(TABLE docs, ?, 10)");
        using Statement update = session.Prepare("UPDATE docs SET n = n + 1 WHERE id = ?");
        var random = new Random(3);
        Action[] work =
        [
            () => Drain(select, (long)random.Next(rows)),
            () => Drain(nearest, TextOf(random.Next(rows))),
            () => update.Execute((long)random.Next(rows)),
        ];
        _ = Measure(work, () => false, WarmUpSeconds);
        Timing[] before = Measure(work, () => false, seconds);
        session.Execute("ALTER TABLE docs ALTER COLUMN vec SET MODEL enc@2 REFRESH BACKGROUND");
        long start = Stopwatch.GetTimestamp();
        TimeSpan paused = GC.GetTotalPauseDuration();
        Timing[] during = Measure(work, () => IsDone(session), double.PositiveInfinity);
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        paused = GC.GetTotalPauseDuration() - paused;
        _ = Measure(work, () => false, WarmUpSeconds);
        Timing[] after = Measure(work, () => false, seconds);
        Write(report, before, during, after);
        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"the refresh took {took:F1} s beside the statements, of which garbage "
            + $"collection stopped {paused.TotalSeconds:F2} s"));
        report.Figure("refresh_s", took);
        report.Print(arguments);
    }

    private static void Prepare(NeuroStore database, int rows)
    {
        database.Execute("CREATE TABLE corpus (body TEXT)");
        using (Appender appender = database.CreateAppender("corpus"))
        {
            for (int i = 0; i < 5000; i++)
            {
                appender.AppendRow(TextOf(i));
            }

            appender.Complete();
        }

        database.Execute(
            "CREATE MODEL enc TYPE embedder USING lsa(64) WITH (seed = 1) AS SELECT body "
            + "FROM corpus; RETRAIN MODEL enc WITH (seed = 2) KEEP AS SELECT body || ' ' || body "
            + "AS body FROM corpus; CREATE TABLE docs (id BIGINT PRIMARY KEY, body TEXT, n INT, "
            + "vec VECTOR(64) GENERATED ALWAYS AS (embed(enc@1, body)) STORED)");
        using Session session = database.OpenSession();
        using Statement insert =
            session.Prepare("INSERT INTO docs (id, body, n) VALUES (?, ?, 0)");
        session.Execute("BEGIN");
        for (int i = 0; i < rows; i++)
        {
            insert.Execute((long)i, TextOf(i));
        }

        session.Execute("COMMIT; CHECKPOINT");
    }

    private static string TextOf(int row)
    {
        var random = new Random(row);
        return string.Join(' ', Enumerable.Range(0, 12).Select(
            _ => $"word{random.Next(random.Next(1, 4000))}"));
    }

    private static void Drain(Statement statement, object value)
    {
        using ResultReader reader = statement.Query(value);
        while (reader.Read())
        {
        }
    }

    private static bool IsDone(Session session) => session.QueryScalar<long>(
        "SELECT count(*) FROM neuro.embedding_lag WHERE next_version IS NOT NULL") == 0;

    // All kinds in turns; whether it is over is asked now and then, beside the times.
    private static Timing[] Measure(Action[] work, Func<bool> isDone, double seconds)
    {
        const double AskSeconds = 0.25;
        Timing[] timings = [.. work.Select(static _ => new Timing())];
        long start = Stopwatch.GetTimestamp();
        double asked = 0;
        while (true)
        {
            for (int i = 0; i < work.Length; i++)
            {
                timings[i].Sample(work[i]);
            }

            double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (elapsed > seconds)
            {
                return timings;
            }

            if (elapsed - asked > AskSeconds)
            {
                asked = elapsed;
                if (isDone())
                {
                    return timings;
                }
            }
        }
    }

    private static void Write(
        BenchReport report, Timing[] before, Timing[] during, Timing[] after)
    {
        report.Row(
            "statement", "p50 us before", "during", "after", "p99 us before", "during", "after",
            "p99 during / idle");
        for (int i = 0; i < Names.Length; i++)
        {
            double idle = (before[i].Percentile99Us + after[i].Percentile99Us) / 2;
            double ratio = during[i].Percentile99Us / idle;
            report.Row(
                Names[i],
                Timing.Cell(before[i].MedianUs),
                Timing.Cell(during[i].MedianUs),
                Timing.Cell(after[i].MedianUs),
                Timing.Cell(before[i].Percentile99Us),
                Timing.Cell(during[i].Percentile99Us),
                Timing.Cell(after[i].Percentile99Us),
                Timing.Cell(ratio));
            report.Figure($"p99_ratio_{Names[i].Replace(' ', '_')}", ratio);
        }
    }
}
