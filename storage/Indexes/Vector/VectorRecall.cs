using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The recall of an index as it is now: rows of the table are queries, each without itself, and
/// what the index finds is compared with what it finds when it leaves nothing out.
/// </summary>
/// <param name="Recall">The share of the true nearest that is found.</param>
/// <param name="QueryCount">How many queries were asked.</param>
/// <param name="RowCount">The rows of those seen that the index covers.</param>
/// <param name="Statistics">What the searches by index did together.</param>
internal readonly record struct VectorRecall(
    double Recall, long QueryCount, long RowCount, VectorSearchStatistics Statistics)
{
    private const int NeighborCount = 10;

    /// <summary>Asks so many rows of a table.</summary>
    public static VectorRecall Measure(
        VectorIndex index, TableSnapshot snapshot, int sample, IWorkers workers,
        CancellationToken cancellation, TimeProvider? clock = null)
    {
        long rows = index.RowsSeen(snapshot).LongCount();
        int queries = (int)Math.Min(sample, rows);
        float[][] asked = Draw(index, snapshot, rows, queries);
        queries = asked.Length;
        var hits = new int[queries];
        var wanted = new int[queries];
        var done = new VectorSearchStatistics[queries];
        _ = snapshot.SliceCount;
        workers.ForEach(queries, i =>
        {
            cancellation.ThrowIfCancellationRequested();
            float[] query = asked[i];
            long[] exact = Search(index, snapshot, query, VectorDial.Certain, out _);
            wanted[i] = exact.Length;
            long start = clock?.GetTimestamp() ?? 0;
            long[] found = Search(index, snapshot, query, null, out done[i]);
            done[i].Elapsed = clock?.GetElapsedTime(start) ?? default;
            hits[i] = exact.Intersect(found).Count();
        });
        long all = wanted.Sum(static count => (long)count);
        return new VectorRecall(
            all == 0 ? 1 : (double)hits.Sum() / all,
            queries,
            rows,
            done.Aggregate(default(VectorSearchStatistics), static (a, b) => a.Plus(b)));
    }

    /// <summary>Every so many rows one of those that the snapshot sees.</summary>
    private static float[][] Draw(
        VectorIndex index, TableSnapshot snapshot, long rowCount, int queryCount)
    {
        var drawn = new List<float[]>(queryCount);
        long place = 0;
        foreach ((IndexedRange range, int ordinal) in index.RowsSeen(snapshot))
        {
            if (drawn.Count < queryCount && place == drawn.Count * rowCount / queryCount)
            {
                drawn.Add(range.Rows.ToArray(ordinal));
            }

            place++;
        }

        return [.. drawn];
    }

    // The first row is the query itself, or one that is equal to it.
    private static long[] Search(
        VectorIndex index, TableSnapshot snapshot, float[] query, VectorDial? dial,
        out VectorSearchStatistics done)
    {
        done = default;
        using var search = new VectorSearch(index.Options.Metric, query, NeighborCount + 1);
        if (!search.IsRankable)
        {
            return [];
        }

        _ = index.Search(search, snapshot, null, dial);
        done = search.Statistics;
        Candidate[] found = search.ToResult();
        return [.. found.Skip(1).Select(static candidate => candidate.Id)];
    }
}
