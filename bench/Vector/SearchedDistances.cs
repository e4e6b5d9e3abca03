namespace NeuroDb.Bench;

/// <summary>The first column of the answer of a search: distances, nearest first.</summary>
internal static class SearchedDistances
{
    /// <summary>Asks a statement of one parameter.</summary>
    public static double[] Of(Statement search, float[] query)
    {
        var distances = new List<double>();
        using ResultReader reader = search.Query(query);
        while (reader.Read())
        {
            distances.Add(reader.GetDouble(0));
        }

        return [.. distances];
    }
}
