using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>
/// What becomes of recall when rows come and go: half of the rows is inserted, a random half of
/// these is deleted, and as many new ones come that lie in a few clusters; nothing is rebuilt by
/// hand. And what an insert costs until it is searchable, at its commit.
/// </summary>
internal static class ChurnBench
{
    private const int RowsInCommit = 1000;
    private const int NearestCount = 10;
    private const int ClusterCount = 20;
    private const float CenterShare = 0.7f;
    private const int RehearsalQueries = 20;
    private const int RehearsalCount = 4;

    /// <summary>
    /// Options: --base FILE --query FILE --rows 60000 --queries 500 --rehearsals 4.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        VectorFile data = Read(arguments, "base", arguments.Number("rows", 60_000));
        VectorFile queries = Read(arguments, "query", arguments.Number("queries", 500));
        using var folder = new TemporaryFolder("churn");

        // What the runtime compiles is no cost of a row: rehearsals of the same steps have it done.
        // It compiles a method again after some thousand calls, and this in the background.
        for (int i = 0; i < arguments.Number("rehearsals", RehearsalCount); i++)
        {
            string rehearsal = folder.File($"rehearsal{i}");
            _ = Rehearse(rehearsal, data, queries.First(RehearsalQueries));
            Directory.Delete(rehearsal, true);
        }

        BenchReport report = Rehearse(folder.File("db"), data, queries);
        report.Print(arguments);
    }

    private static BenchReport Rehearse(string path, VectorFile data, VectorFile queries)
    {
        using NeuroStore database = NeuroStore.Open(path);
        using Session session = Begin(database, data);
        var report = new BenchReport(
            $"churn: {data.Count:N0} x {data.Dimension}, L2, {queries.Count} queries");
        report.Row("step", "recall@10", "CPU us/row, committing", "with the index made");
        int half = data.Count / 2;
        (double commit, double all) = Insert(session, data, 0, half);
        double before = Recall(session, queries);
        report.Row("half inserted", $"{before:F4}", Timing.Cell(commit), Timing.Cell(all));
        report.Figure("inserts_per_s_first", 1e6 / commit);
        report.Figure("inserts_per_s_first_indexed", 1e6 / all);
        session.Execute("DELETE FROM items WHERE (id * 7919) % 101 < 50");
        VectorFile mixed = Mix(data, half, queries);
        double deleted = Recall(session, queries);
        report.Row("half of it deleted", $"{deleted:F4}", "-", "-");
        (commit, all) = Insert(session, mixed, half, half / 2);
        double after = Recall(session, queries);
        report.Row("new clusters inserted", $"{after:F4}", Timing.Cell(commit), Timing.Cell(all));
        VectorFile near = Near(mixed, half, queries.Count);
        double clustered = Recall(session, near);
        report.Row("queries in the new clusters", $"{clustered:F4}", "-", "-");
        report.Figure("recall_before", before);
        report.Figure("recall_after", after);
        report.Figure("recall_change", after - before);
        report.Figure("recall_clusters", clustered);
        report.Figure("inserts_per_s", 1e6 / commit);
        report.Figure("inserts_per_s_indexed", 1e6 / all);
        return report;
    }

    private static Session Begin(NeuroStore database, VectorFile data)
    {
        Session session = database.OpenSession();
        session.Execute(
            $"CREATE TABLE items (id BIGINT PRIMARY KEY, vec VECTOR({data.Dimension}))");
        session.Execute("CREATE INDEX items_vec ON items USING vector (vec)");
        return session;
    }

    private static VectorFile Read(BenchArguments arguments, string name, int countMax) =>
        VectorFile.Read(
            arguments.Text(name, null) ?? throw new ArgumentException($"--{name} FILE is missing"),
            countMax);

    /// <summary>
    /// Processor time of a row in microseconds until its commit returned, of the thread that
    /// inserts, and until nothing is left to do in the background, of all threads but those of the
    /// compiler.
    /// </summary>
    private static (double Commit, double All) Insert(
        Session session, VectorFile data, int first, int count)
    {
        var compiler = new CompilerTime();
        double start = ProcessMemory.CpuSeconds();
        double own = 0;
        for (int at = first; at < first + count; at += RowsInCommit)
        {
            double begin = ThreadTime.Now();
            using Appender appender = session.CreateAppender("items");
            for (int row = at; row < Math.Min(first + count, at + RowsInCommit); row++)
            {
                appender.Append((long)row);
                appender.Append(
                    data.Vectors.AsMemory(row * data.Dimension, data.Dimension));
                appender.EndRow();
            }

            appender.Complete();
            own += ThreadTime.Now() - begin;
        }

        Ask(session, data);
        AwaitRest();
        double all = ProcessMemory.CpuSeconds() - start - compiler.Seconds();
        return (own / 1e3 / count, all * 1e6 / count);
    }

    private static void Ask(Session session, VectorFile data)
    {
        using Statement search = session.Prepare(
            $"SELECT vec <-> $1 FROM items ORDER BY vec <-> $1 LIMIT {NearestCount}");
        _ = SearchedDistances.Of(search, data.Row(0));
    }

    // Parts of an index are made in the background after a search has missed them.
    private static void AwaitRest()
    {
        const double IdleShare = 0.05;
        double share;
        do
        {
            double begin = ProcessMemory.CpuSeconds();
            long clock = Stopwatch.GetTimestamp();
            Thread.Sleep(500);
            share = (ProcessMemory.CpuSeconds() - begin)
                / Stopwatch.GetElapsedTime(clock).TotalSeconds;
        }
        while (share > IdleShare);
    }

    private static double Recall(Session session, VectorFile queries)
    {
        int hits = 0;
        int wanted = 0;
        using Statement search = session.Prepare(
            $"SELECT vec <-> $1 FROM items ORDER BY vec <-> $1 LIMIT {NearestCount}");
        for (int i = 0; i < queries.Count; i++)
        {
            float[] query = queries.Row(i);
            session.Execute("SET ann = on");
            double[] found = SearchedDistances.Of(search, query);
            session.Execute("SET ann = off");
            double[] exact = SearchedDistances.Of(search, query);
            wanted += exact.Length;
            hits += found.Count(distance => distance <= exact[^1] * (1 + 1e-9));
        }

        session.Execute("SET ann = on");
        return (double)hits / wanted;
    }

    /// <summary>The rows from a place on drawn towards a few of them.</summary>
    private static VectorFile Mix(VectorFile data, int first, VectorFile queries)
    {
        Invariant.Check(data.Dimension == queries.Dimension, "queries have the rows' dimension");
        float[] mixed = [.. data.Vectors];
        for (int row = first; row < data.Count; row++)
        {
            int center = first + (row % ClusterCount);
            for (int i = 0; i < data.Dimension; i++)
            {
                ref float element = ref mixed[(row * data.Dimension) + i];
                element = (CenterShare * data.Vectors[(center * data.Dimension) + i])
                    + ((1 - CenterShare) * element);
            }
        }

        return new VectorFile(mixed, data.Dimension);
    }

    /// <summary>Means of two rows of one cluster each.</summary>
    private static VectorFile Near(VectorFile mixed, int first, int count)
    {
        var near = new float[count * mixed.Dimension];
        for (int row = 0; row < count; row++)
        {
            int a = first + ClusterCount + row;
            for (int i = 0; i < mixed.Dimension; i++)
            {
                near[(row * mixed.Dimension) + i] =
                    (mixed.Vectors[(a * mixed.Dimension) + i]
                    + mixed.Vectors[((a + ClusterCount) * mixed.Dimension) + i]) / 2;
            }
        }

        return new VectorFile(near, mixed.Dimension);
    }
}
