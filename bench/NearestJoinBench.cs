namespace NeuroDb.Bench;

/// <summary>
/// A join of rows with their nearest ones, whose searches are done together, beside the same join
/// with a search for each row, which an operation on the vector asks for; by processor time.
/// </summary>
internal static class NearestJoinBench
{
    /// <summary>Options: --rows 50000 --dimension 768 --left 256.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 50_000);
        int dimension = arguments.Number("dimension", 768);
        int left = arguments.Number("left", 256);
        float[] vectors = VectorData.Clustered(rows, dimension, seed: 1);
        var report = new BenchReport(
            $"join: 10 nearest of {rows:N0} x {dimension} for {left} rows, processor time");
        report.Row("search", "one by one, ms", "together, ms", "ratio");
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute($"CREATE TABLE items (id BIGINT PRIMARY KEY, vec VECTOR({dimension}))");
        using (Appender appender = session.CreateAppender("items"))
        {
            for (int row = 0; row < rows; row++)
            {
                appender.Append((long)row);
                appender.Append(new ReadOnlyMemory<float>(
                    vectors, row * dimension, dimension));
                appender.EndRow();
            }

            appender.Complete();
        }

        Compare(session, report, "exact", "exact", left);
        session.Execute("CREATE INDEX items_vec ON items USING vector (vec)");
        session.Execute("REINDEX INDEX items_vec");
        Compare(session, report, "by index", "index", left);
        report.Print(arguments);
    }

    private static void Compare(
        Session session, BenchReport report, string name, string figure, int left)
    {
        double together = Time(session, "a.vec", left);
        double single = Time(session, "a.vec * 1", left);
        report.Row(
            name, Timing.Cell(single), Timing.Cell(together), Timing.Cell(single / together));
        report.Figure($"{figure}_ratio", single / together);
    }

    private static double Time(Session session, string query, int left)
    {
        string inner = query == "a.vec"
            ? "items b ORDER BY b.vec <-> a.vec"
            : "items b ORDER BY b.vec <-> (a.vec * 1)";
        string sql = "SELECT sum(x.d) FROM items a JOIN LATERAL (SELECT b.vec <-> a.vec AS d FROM "
            + $"{inner} LIMIT 10) x ON TRUE WHERE a.id < {left}";
        double best = double.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            _ = session.QueryScalar<double>(sql);
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        return best;
    }
}
