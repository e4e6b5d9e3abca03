namespace NeuroDb.Tests.Unit;

/// <summary>
/// The recall of an index under conditions: of chance, of rows near the queries, and of rows far
/// from them.
/// </summary>
public sealed class VectorFilterTests : IDisposable
{
    private const int RowCount = 16_384;
    private const int Dimension = 24;
    private const int QueryCount = 100;
    private const int NearestCount = 10;
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();
    private readonly Session _session;

    public VectorFilterTests()
    {
        _database.Execute(
            "CREATE TABLE items (id BIGINT PRIMARY KEY, chance INT, place INT, "
            + $"vec VECTOR({Dimension}))");
        _session = _database.OpenSession();
        float[][] vectors = [.. Enumerable.Range(0, RowCount).Select(Vector)];
        int[] places = new int[RowCount];
        int[] order = [.. Enumerable.Range(0, RowCount).OrderBy(row => Axis(vectors[row]))];
        for (int i = 0; i < RowCount; i++)
        {
            places[order[i]] = i;
        }

        using (Appender appender = _session.CreateAppender("items"))
        {
            for (int row = 0; row < RowCount; row++)
            {
                appender.Append((long)row);
                appender.Append((int)((uint)row * 2654435769u % 1_000_003u % RowCount));
                appender.Append(places[row]);
                appender.Append(vectors[row].AsMemory());
                appender.EndRow();
            }

            appender.Complete();
        }

        _session.Execute("CREATE INDEX items_vec ON items USING vector (vec)");
        _session.Execute("REINDEX INDEX items_vec");
    }

    [Fact]
    public void A_condition_costs_no_recall_and_no_rows_however_it_lies_to_the_query()
    {
        double without = Recall("");
        Assert.InRange(without, 0.985, 1);
        foreach (double share in new[] { 0.001, 0.01, 0.1, 0.5 })
        {
            int limit = (int)(RowCount * share);
            string[] conditions =
            [
                $"WHERE chance < {limit}",
                $"WHERE place >= {RowCount - limit}",
                $"WHERE place < {limit}",
            ];
            foreach (string condition in conditions)
            {
                double recall = Recall(condition);
                Assert.True(
                    recall >= without - 0.002, $"{condition}: {recall}, without it {without}");
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    // Queries lie at the upper end of the axis: rows of high places are near to them.
    private double Recall(string condition)
    {
        int hits = 0;
        int wanted = 0;
        for (int i = 0; i < QueryCount; i++)
        {
            float[] query = Vector(1_000_000 + i);
            for (int j = 0; j < Dimension; j++)
            {
                query[j] += 0.5f;
            }

            _session.Execute("SET ann = off");
            double[] exact = Distances(condition, query);
            _session.Execute("SET ann = on");
            double[] found = Distances(condition, query);
            Assert.Equal(exact.Length, found.Length);
            wanted += exact.Length;
            hits += found.Count(distance => distance <= exact[^1]);
        }

        return (double)hits / wanted;
    }

    private double[] Distances(string condition, float[] query)
    {
        var distances = new List<double>();
        using ResultReader reader = _session.Query(
            $"SELECT vec <-> $1 FROM items {condition} ORDER BY vec <-> $1 LIMIT {NearestCount}",
            query);
        while (reader.Read())
        {
            distances.Add(reader.GetDouble(0));
        }

        return [.. distances];
    }

    private static float Axis(float[] vector) => vector.Sum();

    private static float[] Vector(int seed)
    {
        var random = new Random(seed);
        var centre = new Random(random.Next(80));
        var vector = new float[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            vector[i] = (float)((centre.NextDouble() * 3) + random.NextDouble());
        }

        return vector;
    }
}
