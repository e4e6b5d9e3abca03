using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// The true nearest neighbours of queries, and the share of them that an answer holds: rows whose
/// distance, computed anew, is not above that of the k-th nearest count, so that ties are fair.
/// </summary>
internal sealed class NearestTruth
{
    private const double Tolerance = 1e-5;
    private readonly VectorFile _data;
    private readonly Metric _metric;
    private readonly double[] _limits;

    /// <summary>Compares all queries with all vectors.</summary>
    public NearestTruth(VectorFile data, VectorFile queries, Metric metric, int k)
    {
        _data = data;
        _metric = metric;
        _limits = new double[queries.Count];
        Parallel.For(0, _limits.Length, i =>
        {
            var heap = new TopKHeap(k);
            var block = new VectorBlock(data.Vectors, data.Count, data.Dimension, 0, default);
            FusedScan.Run(new ScanQuery(metric, queries.Row(i), k), block, heap);
            Candidate last = heap.ToSortedArray()[^1];
            double limit = Ranks.ToDistance(metric, last.Distance);
            _limits[i] = limit + (Math.Abs(limit) * Tolerance) + 1e-6;
        });
    }

    /// <summary>How many rows of an answer are among the nearest.</summary>
    public int Hits(int query, float[] vector, long[] ids)
    {
        int hits = 0;
        foreach (long id in ids.Distinct())
        {
            if (id >= 0)
            {
                double distance = Distance.Compute(
                    _metric,
                    _data.Vectors.AsSpan((int)id * _data.Dimension, _data.Dimension),
                    vector);
                hits += distance <= _limits[query] ? 1 : 0;
            }
        }

        return hits;
    }
}
