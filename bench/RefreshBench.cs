using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// What a user notices while a column of vectors is made anew in the background: the times of short
/// statements while it goes on and while it is held up, in turns of a few seconds, of one process
/// on one directory. An open transaction that has written holds it up.
/// </summary>
internal static class RefreshBench
{
    private const int RowsUsual = 100_000;
    private const double WarmUpSeconds = 2;
    private const double TurnSeconds = 1;

    private static readonly string[] Names = ["select by key", "ten nearest", "update by key"];

    /// <summary>Options: --rows 100000 --seconds 20 --share 10.</summary>
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
        session.Execute(string.Create(
            CultureInfo.InvariantCulture, $"SET refresh_share = {arguments.Number("share", 10)}"));
        Measure(work, Timings(), WarmUpSeconds);
        Timing[] before = Timings();
        Measure(work, before, seconds);
        session.Execute("ALTER TABLE docs ALTER COLUMN vec SET MODEL enc@2 REFRESH BACKGROUND");
        Timing[] beside = Timings();
        Timing[] held = Timings();
        TimeSpan paused = TimeSpan.Zero;
        double took = 0;
        using Session holder = database.OpenSession();
        while (!IsDone(session))
        {
            TimeSpan pausedBefore = GC.GetTotalPauseDuration();
            took += Measure(work, beside, TurnSeconds);
            paused += GC.GetTotalPauseDuration() - pausedBefore;
            holder.Execute("BEGIN; UPDATE held SET n = n + 1");
            Measure(work, held, TurnSeconds);
            holder.Execute("ROLLBACK");
        }

        Measure(work, Timings(), WarmUpSeconds);
        Timing[] after = Timings();
        Measure(work, after, seconds);
        Write(report, [before, held, beside, after]);
        report.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"the refresh took {took:F1} s beside the statements, of which garbage "
            + $"collection stopped {paused.TotalSeconds:F2} s"));
        report.Figure("refresh_s", took);
        report.Print(arguments);
    }

    private static void Prepare(NeuroStore database, int rows)
    {
        database.Execute("CREATE TABLE corpus (body TEXT); CREATE TABLE held (n INT); "
            + "INSERT INTO held VALUES (0)");
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

    private static Timing[] Timings() => [.. Names.Select(static _ => new Timing())];

    // All kinds in turns; gives the seconds that passed.
    private static double Measure(Action[] work, Timing[] timings, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        double elapsed = 0;
        while (elapsed < seconds)
        {
            for (int i = 0; i < work.Length; i++)
            {
                timings[i].Sample(work[i]);
            }

            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return elapsed;
    }

    private static void Write(BenchReport report, Timing[][] phases)
    {
        string[] names = ["before", "held up", "beside", "after"];
        report.Row(
            [
                "statement",
                .. names.Select(static name => $"p50 us {name}"),
                .. names.Select(static name => $"p99 us {name}"),
                "p99 beside / held up",
            ]);
        for (int i = 0; i < Names.Length; i++)
        {
            double ratio = phases[2][i].Percentile99Us / phases[1][i].Percentile99Us;
            report.Row(
                [
                    Names[i],
                    .. phases.Select(phase => Timing.Cell(phase[i].MedianUs)),
                    .. phases.Select(phase => Timing.Cell(phase[i].Percentile99Us)),
                    Timing.Cell(ratio),
                ]);
            report.Figure($"p99_ratio_{Names[i].Replace(' ', '_')}", ratio);
        }
    }
}
