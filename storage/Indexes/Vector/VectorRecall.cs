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
            long[] exact = Search(index, snapshot, query, 1, VectorDial.Certain, out _);
            wanted[i] = exact.Length;
            long start = clock?.GetTimestamp() ?? 0;
            long[] found = Search(index, snapshot, query, 1, null, out done[i]);
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

    /// <summary>
    /// The recall of the kind of queries that has the least of it, of those that are made of rows
    /// and unlike them, so many of each.
    /// </summary>
    public static double MeasureUnlike(
        VectorIndex index, TableSnapshot snapshot, int sample, IWorkers workers,
        CancellationToken cancellation)
    {
        long rows = index.RowsSeen(snapshot).LongCount();
        CalibrationQuery[] asked = CalibrationQuery.MakeUnlike(
            index.Options.Metric,
            Draw(index, snapshot, rows, (int)Math.Min(2 * sample, rows)),
            index.Options.Seed);
        var recalls = new double[asked.Length];
        _ = snapshot.SliceCount;
        workers.ForEach(asked.Length, i =>
        {
            cancellation.ThrowIfCancellationRequested();
            float[] query = asked[i].Vector;
            long[] exact = Search(index, snapshot, query, 0, VectorDial.Certain, out _);
            long[] found = Search(index, snapshot, query, 0, null, out _);
            recalls[i] = exact.Length == 0
                ? 1
                : (double)exact.Intersect(found).Count() / exact.Length;
        });
        return Enumerable.Range(0, asked.Length)
            .GroupBy(i => asked[i].Kind)
            .Select(kind => kind.Average(i => recalls[i]))
            .DefaultIfEmpty(1).Min();
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

    /// <summary>The nearest, without the first where that is the query or equal to it.</summary>
    private static long[] Search(
        VectorIndex index, TableSnapshot snapshot, float[] query, int equal, VectorDial? dial,
        out VectorSearchStatistics done)
    {
        done = default;
        using var search = new VectorSearch(
            index.Options.Metric, query, NeighborCount + equal);
        if (!search.IsRankable)
        {
            return [];
        }

        _ = index.Search(search, snapshot, null, dial);
        done = search.Statistics;
        Candidate[] found = search.ToResult();
        return [.. found.Skip(equal).Select(static candidate => candidate.Id)];
    }
}
