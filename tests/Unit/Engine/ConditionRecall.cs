namespace NeuroDb.Tests.Unit;

/// <summary>
/// Vectors around eighty centres, ordered by the sum of their elements, and the recall of
/// searches for the nearest of them under a condition, near whose upper end the queries lie.
/// </summary>
internal sealed class ConditionRecall(Session session, int dimension, int queryCount)
{
    private const int NearestCount = 10;

    /// <summary>The vector of a row.</summary>
    public float[] VectorOf(int row)
    {
        var random = new Random(row);
        var centre = new Random(random.Next(80));
        var vector = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            vector[i] = (float)((centre.NextDouble() * 3) + random.NextDouble());
        }

        return vector;
    }

    /// <summary>The vectors of rows, and the place of each in the order.</summary>
    public (float[][] Vectors, int[] Places) Rows(int count)
    {
        float[][] vectors = [.. Enumerable.Range(0, count).Select(VectorOf)];
        int[] places = new int[count];
        int[] order = [.. Enumerable.Range(0, count).OrderBy(row => vectors[row].Sum())];
        for (int i = 0; i < count; i++)
        {
            places[order[i]] = i;
        }

        return (vectors, places);
    }

    /// <summary>
    /// The share of the nearest rows that the index finds; as many come as without it.
    /// </summary>
    /// <param name="from">FROM and WHERE, over a table i with vectors vec.</param>
    public double Of(string from)
    {
        int hits = 0;
        int wanted = 0;
        for (int i = 0; i < queryCount; i++)
        {
            float[] query = VectorOf(1_000_000 + i);
            for (int j = 0; j < dimension; j++)
            {
                query[j] += 0.5f;
            }

            session.Execute("SET ann = off");
            double[] exact = Distances(from, query);
            session.Execute("SET ann = on");
            double[] found = Distances(from, query);
            Assert.Equal(exact.Length, found.Length);
            Assert.NotEmpty(exact);
            wanted += exact.Length;
            hits += found.Count(distance => distance <= exact[^1]);
        }

        return (double)hits / wanted;
    }

    private double[] Distances(string from, float[] query)
    {
        var distances = new List<double>();
        using ResultReader reader = session.Query(
            $"SELECT i.vec <-> $1 {from} ORDER BY i.vec <-> $1 LIMIT {NearestCount}", query);
        while (reader.Read())
        {
            distances.Add(reader.GetDouble(0));
        }

        return [.. distances];
    }
}
