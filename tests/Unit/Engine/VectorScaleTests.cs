using NeuroDb.Gpu;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Vectors whose squares are too large or too small for single precision, and vectors that differ
/// in the last digits of their distances: by scan, by index, by joins.
/// </summary>
public sealed class VectorScaleTests
{
    private const int Dimension = 16;
    private const int RowCount = 4_500;

    public static TheoryData<string, string, float> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, float>();
            foreach ((string operators, string sign) in Metrics)
            {
                foreach (float size in (float[])[1e20f, 1e-30f, 1e-21f, 1])
                {
                    cases.Add(operators, sign, size);
                }
            }

            return cases;
        }
    }

    private static (string Operators, string Sign)[] Metrics =>
        [("vector_l2_ops", "<->"), ("vector_cosine_ops", "<=>"), ("vector_ip_ops", "<#>")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_nearest_rows_are_those_of_double_precision(
        string operators, string sign, float size)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, operators, row => Vector(row, size));
        foreach (string mode in (string[])["off", "on"])
        {
            session.Execute($"SET ann = {mode}");
            for (int i = 0; i < 5; i++)
            {
                float[] query = Vector(100_000 + i, size);
                Assert.Equal(
                    Truth(sign, query, 10, row => Vector(row, size)),
                    Nearest(session, sign, query, 10));
            }
        }
    }

    [Theory]
    [InlineData("vector_l2_ops", "<->")]
    [InlineData("vector_cosine_ops", "<=>")]
    [InlineData("vector_ip_ops", "<#>")]
    public void Rows_of_all_sizes_are_found_among_each_other(string operators, string sign)
    {
        static float[] Mixed(int row) =>
            Vector(row, (row % 3) switch { 0 => 1e20f, 1 => 1e-30f, _ => 1 });
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, operators, Mixed);
        foreach (string mode in (string[])["off", "on"])
        {
            session.Execute($"SET ann = {mode}");
            for (int i = 0; i < 6; i++)
            {
                float[] query = Mixed(200_000 + i);
                Assert.Equal(
                    Truth(sign, query, 10, Mixed), Nearest(session, sign, query, 10));
            }
        }
    }

    [Theory]
    [InlineData("<->", 1e20f)]
    [InlineData("<->", 1e-30f)]
    [InlineData("<=>", 1e20f)]
    [InlineData("<=>", 1e-30f)]
    [InlineData("<#>", 1e20f)]
    [InlineData("<#>", 1e-30f)]
    public void Joins_with_the_nearest_rows_find_them(string sign, float size)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, "vector_l2_ops", row => Vector(row, size));
        session.Execute("SET ann = off");
        using ResultReader reader = session.Query(
            "SELECT a.id, b.id FROM items a JOIN LATERAL (SELECT id FROM items "
            + $"ORDER BY vec {sign} a.vec LIMIT 3) b ON TRUE WHERE a.id < 4");
        var found = new Dictionary<long, List<long>>();
        while (reader.Read())
        {
            if (!found.TryGetValue(reader.GetInt64(0), out List<long>? ids))
            {
                found.Add(reader.GetInt64(0), ids = []);
            }

            ids.Add(reader.GetInt64(1));
        }

        Assert.Equal(4, found.Count);
        foreach ((long id, List<long> ids) in found)
        {
            Assert.Equal(
                Truth(sign, Vector((int)id, size), 3, row => Vector(row, size)), ids);
        }
    }

    [Theory]
    [InlineData(1e20f)]
    [InlineData(1e-30f)]
    public void Joins_by_distance_find_the_pairs_that_are_near(float size)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, "vector_l2_ops", row => Vector(row, size));
        float[] first = Vector(1, size);
        double reach = Distance.Compute(Metric.L2, first, Vector(2, size)) * 0.9;
        int expected = Enumerable.Range(0, RowCount).Count(
            row => Distance.Compute(Metric.L2, first, Vector(row, size)) < reach);
        Assert.InRange(expected, 2, RowCount - 1);
        Assert.Equal(expected, session.QueryScalar<long>(
            "SELECT count(*) FROM items a JOIN items b ON a.vec <-> b.vec < ? WHERE a.id = 1",
            reach));
    }

    [Fact]
    public void Rows_that_are_almost_parallel_are_told_apart()
    {
        static float[] Near(int row)
        {
            float[] vector = Vector(7, 1);
            float[] noise = Vector(row, 1);
            return [.. vector.Select((element, i) => element + (1e-4f * noise[i]))];
        }

        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = Fill(database, "vector_cosine_ops", Near);
        int hits = 0;
        foreach (string mode in (string[])["off", "on"])
        {
            session.Execute($"SET ann = {mode}");
            for (int i = 0; i < 10; i++)
            {
                float[] query = Near(300_000 + i);
                hits += Nearest(session, "<=>", query, 10)
                    .Intersect(Truth("<=>", query, 10, Near)).Count();
            }
        }

        Assert.InRange(hits, 196, 200);
    }

    private static Session Fill(
        NeuroStore database, string operators, Func<int, float[]> vectorOf)
    {
        Session session = database.OpenSession();
        session.Execute(
            $"CREATE TABLE items (id BIGINT PRIMARY KEY, vec VECTOR({Dimension}))");
        using (Appender appender = session.CreateAppender("items"))
        {
            for (int row = 0; row < RowCount; row++)
            {
                appender.Append((long)row);
                appender.Append(vectorOf(row).AsMemory());
                appender.EndRow();
            }

            appender.Complete();
        }

        session.Execute(
            $"CREATE INDEX items_vec ON items USING vector (vec {operators}) "
            + "WITH (target_recall = 1)");
        session.Execute("REINDEX INDEX items_vec");
        return session;
    }

    private static long[] Nearest(Session session, string sign, float[] query, int k)
    {
        using ResultReader reader = session.Query(
            $"SELECT id FROM items ORDER BY vec {sign} ? LIMIT {k}", query);
        var ids = new List<long>();
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        return [.. ids];
    }

    private static long[] Truth(string sign, float[] query, int k, Func<int, float[]> vectorOf)
    {
        Metric metric = sign switch
        {
            "<->" => Metric.L2,
            "<=>" => Metric.Cosine,
            _ => Metric.InnerProduct,
        };
        return [.. Enumerable.Range(0, RowCount)
            .OrderBy(row => DistanceOf(metric, vectorOf(row), query))
            .ThenBy(static row => row).Take(k).Select(static row => (long)row)];
    }

    private static double DistanceOf(Metric metric, float[] a, float[] b)
    {
        double dot = a.Zip(b, static (x, y) => (double)x * y).Sum();
        double first = a.Sum(static x => (double)x * x);
        double second = b.Sum(static x => (double)x * x);
        return metric switch
        {
            Metric.L2 => a.Zip(b, static (x, y) => ((double)x - y) * ((double)x - y)).Sum(),
            Metric.InnerProduct => -dot,
            _ => 1 - (dot / Math.Sqrt(first * second)),
        };
    }

    private static float[] Vector(int seed, float size)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Dimension)
            .Select(_ => size * ((random.NextSingle() * 2) - 1))];
    }
}
