namespace NeuroDb.Tests.Unit;

/// <summary>
/// The recall of an index while clusters of rows come, move and go, nothing rebuilt by hand.
/// </summary>
public sealed class VectorRunbookTests
{
    private const int Dimension = 24;
    private const int ClusterRows = 1_500;
    private const int Window = 4;
    private const int StepCount = 7;
    private const int QueryCount = 20;

    [Theory]
    [InlineData("vector_l2_ops", "<->")]
    [InlineData("vector_cosine_ops", "<=>")]
    [InlineData("vector_ip_ops", "<#>")]
    public void Recall_is_kept_after_every_step_of_a_shift(string operators, string sign)
    {
        using var folder = new TemporaryFolder();
        NeuroStore database = NeuroStore.Open(folder.Path);
        Session session = database.OpenSession();
        session.Execute(
            $"CREATE TABLE items (id BIGINT PRIMARY KEY, c INT, vec VECTOR({Dimension}))");
        session.Execute($"CREATE INDEX items_vec ON items USING vector (vec {operators})");
        for (int step = 0; step < StepCount; step++)
        {
            if (step == StepCount / 2)
            {
                session.Dispose();
                database.Dispose();
                database = NeuroStore.Open(folder.Path);
                session = database.OpenSession();
            }

            Insert(session, step);
            session.Execute("DELETE FROM items WHERE c = ?", step - Window);
            if (step % 2 == 1)
            {
                session.Execute(
                    "UPDATE items SET vec = vec + ? WHERE c = ?", Draw(step, 1), step - 1);
                session.Execute("CHECKPOINT");
            }

            foreach (int asked in (int[])[step, Math.Max(0, step - Window)])
            {
                Assert.InRange(RecallOf(session, sign, asked), 0.985, 1);
            }
        }

        session.Dispose();
        database.Dispose();
    }

    private static void Insert(Session session, int cluster)
    {
        using Appender appender = session.CreateAppender("items");
        for (int row = 0; row < ClusterRows; row++)
        {
            appender.Append(((long)cluster * ClusterRows) + row);
            appender.Append(cluster);
            appender.Append(Draw(cluster, 1_000 + row).AsMemory());
            appender.EndRow();
        }

        appender.Complete();
    }

    private static double RecallOf(Session session, string sign, int cluster)
    {
        int hits = 0;
        for (int i = 0; i < QueryCount; i++)
        {
            float[] query = Draw(cluster, 900_000 + i);
            session.Execute("SET ann = off");
            HashSet<long> exact = [.. Nearest(session, sign, query)];
            session.Execute("SET ann = on");
            hits += Nearest(session, sign, query).Count(exact.Contains);
        }

        return hits / (10.0 * QueryCount);
    }

    private static List<long> Nearest(Session session, string sign, float[] query)
    {
        var ids = new List<long>();
        using ResultReader reader = session.Query(
            $"SELECT id FROM items ORDER BY vec {sign} ? LIMIT 10", query);
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        Assert.Equal(10, ids.Count);
        return ids;
    }

    private static float[] Draw(int cluster, int seed)
    {
        var center = new Random(cluster);
        var random = new Random(seed + (cluster * 10_000));
        float spread = (cluster % 3) + 0.2f;
        return [.. Enumerable.Range(0, Dimension).Select(_ => (0.3f * cluster)
            + (2 * center.NextSingle()) + (spread * (random.NextSingle() - 0.5f)))];
    }
}
