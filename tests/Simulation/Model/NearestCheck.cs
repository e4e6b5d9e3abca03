namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Whether searches for the nearest vectors find those of the model: exactly when they are asked
/// to, and otherwise as many, most of which are they.
/// </summary>
internal static class NearestCheck
{
    private const int Count = 10;
    private const int FoundMin = 8;
    private const double Tolerance = 1e-5;

    /// <summary>What is wrong with the searches of a table, or null.</summary>
    public static string? Find(Session session, ModelTable table, SeededRandomSource random)
    {
        float[] query = new float[table.Dimension];
        for (int i = 0; i < query.Length; i++)
        {
            query[i] = table.Vectors.Element(random.Below(2000));
        }

        double[] nearest = [.. table.Rows.Values
            .Where(static row => row.Vec is not null)
            .Select(row => table.Vectors.DistanceOf(row.Vec!, query))
            .Order()
            .Take(Count)];
        session.Execute("SET ann = off");
        double[] exact = Ask(session, table, query);
        session.Execute("SET ann = on");
        double[] found = Ask(session, table, query);
        if (exact.Length != nearest.Length
            || exact.Zip(nearest).Any(static pair => !IsEqual(pair.First, pair.Second)))
        {
            return $"{table.Name}: an exact search finds the distances "
                + $"{string.Join(' ', exact)} instead of {string.Join(' ', nearest)}";
        }

        int hits = found.Length == exact.Length
            ? found.Count(distance => distance <= exact[^1] || IsEqual(distance, exact[^1]))
            : -1;
        return hits >= Math.Min(exact.Length, FoundMin)
            ? null
            : $"{table.Name}: a search by index finds the distances "
                + $"{string.Join(' ', found)} instead of {string.Join(' ', exact)}";
    }

    private static double[] Ask(Session session, ModelTable table, float[] query)
    {
        var distances = new List<double>();
        using ResultReader rows = session.Query(
            $"SELECT vec {table.Vectors.Distance} $1 FROM {table.Name} WHERE vec IS NOT NULL "
            + $"ORDER BY vec {table.Vectors.Distance} $1 LIMIT {Count}",
            table.Vectors.Parameter(query));
        while (rows.Read())
        {
            distances.Add(rows.GetDouble(0));
        }

        return [.. distances];
    }

    private static bool IsEqual(double a, double b) =>
        Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(b));
}
