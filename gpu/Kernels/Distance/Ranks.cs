namespace NeuroDb.Gpu;

/// <summary>
/// The tie between ranks, which scans compare by, and distances, which users see.
/// </summary>
internal static class Ranks
{
    /// <summary>The distance that a rank stands for; order and NaN are kept.</summary>
    public static double ToDistance(Metric metric, double rank) =>
        metric == Metric.L2 ? Math.Sqrt(rank) : rank;

    /// <summary>The result of a scan: candidates by rank become candidates by distance.</summary>
    public static Candidate[] ToResult(Metric metric, TopKHeap heap)
    {
        Candidate[] result = heap.ToSortedArray();
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new(ToDistance(metric, result[i].Distance), result[i].Id);
        }

        return result;
    }
}
