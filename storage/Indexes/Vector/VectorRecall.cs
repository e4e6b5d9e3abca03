using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The recall of an index as it is now: rows of the table are queries, each without itself, and
/// what the index finds is compared with what it finds when it leaves nothing out.
/// </summary>
/// <param name="Recall">The share of the true nearest that is found.</param>
/// <param name="QueryCount">How many queries were asked.</param>
/// <param name="RowCount">The rows that the index covers.</param>
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
        IndexedRange[] ranges = [.. index.RangesOf(snapshot)];
        long rows = ranges.Sum(static range => range.Part.RowCount);
        int queries = (int)Math.Min(sample, rows);
        var hits = new int[queries];
        var wanted = new int[queries];
        var done = new VectorSearchStatistics[queries];
        _ = snapshot.SliceCount;
        workers.ForEach(queries, i =>
        {
            cancellation.ThrowIfCancellationRequested();
            float[] query = Draw(ranges, i * rows / queries);
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

    /// <summary>The vector that stands so far behind the first of all lists.</summary>
    private static float[] Draw(IndexedRange[] ranges, long place)
    {
        foreach (IndexedRange range in ranges)
        {
            for (int i = 0; i < range.Part.ListCount; i++)
            {
                VectorList list = range.Part.List(i);
                if (place < list.Count)
                {
                    return range.Rows.ToArray(list.Ordinals[place]);
                }

                place -= list.Count;
            }
        }

        throw Invariant.Broken("a place within the lists");
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
        Candidate[] found = search.Heap.ToSortedArray();
        return [.. found.Skip(1).Select(static candidate => candidate.Id)];
    }
}
