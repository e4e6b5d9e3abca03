using System.Runtime.Intrinsics;
using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// The distances of queries from all rows in double precision, and how many rows of an answer are
/// among the nearest: those that are no farther than the k-th nearest, so that ties are fair.
/// </summary>
internal sealed class DistanceTruth
{
    private const double Tolerance = 1e-9;

    // Of unit vectors: what their difference is off by in double precision.
    private const double UnitRounding = 4e-16;
    private readonly Metric _metric;
    private readonly double[][] _distances;
    private readonly double[][] _sorted;

    /// <summary>Compares all queries with all rows.</summary>
    public DistanceTruth(VectorFile rows, VectorFile queries, Metric metric, int countMax)
    {
        _metric = metric;
        _distances = new double[queries.Count][];
        _sorted = new double[queries.Count][];
        Parallel.For(0, queries.Count, i =>
        {
            ReadOnlySpan<float> query = Row(queries, i);
            var distances = new double[rows.Count];
            for (int row = 0; row < distances.Length; row++)
            {
                distances[row] = DistanceOf(metric, Row(rows, row), query);
            }

            _distances[i] = distances;
            _sorted[i] = Least(distances, countMax);
        });
    }

    /// <summary>How many rows the right answer has.</summary>
    public int CountOf(int query, int k) => Math.Min(k, _sorted[query].Length);

    /// <summary>How many of some rows are in a right answer.</summary>
    public int Hits(int query, int k, IEnumerable<long> rows)
    {
        int count = CountOf(query, k);
        if (count == 0)
        {
            return 0;
        }

        double bound = _sorted[query][count - 1];
        double rounding = _metric == Metric.Cosine
            ? UnitRounding * (Math.Sqrt(2 * Math.Max(0, bound)) + (UnitRounding / 2))
            : 0;
        bound += (Math.Abs(bound) * Tolerance) + rounding;
        return rows.Distinct().Count(row => _distances[query][row] <= bound);
    }

    /// <summary>A distance that orders rows as the metric does.</summary>
    public static double DistanceOf(
        Metric metric, ReadOnlySpan<float> row, ReadOnlySpan<float> query) => metric switch
        {
            Metric.L2 => Sum(row, query, isDifference: true),
            Metric.InnerProduct => -Sum(row, query, isDifference: false),
            _ => CosineOf(row, query),
        };

    /// <summary>
    /// 1 - cos; of directions next to each other, of which that is rounding, half of the squared
    /// difference of the unit vectors.
    /// </summary>
    private static double CosineOf(ReadOnlySpan<float> row, ReadOnlySpan<float> query)
    {
        const double Near = 1e-5;
        double rowLength = Math.Sqrt(Sum(row, row, isDifference: false));
        double queryLength = Math.Sqrt(Sum(query, query, isDifference: false));
        double distance =
            1 - (Sum(row, query, isDifference: false) / (rowLength * queryLength));
        if (!(distance < Near))
        {
            return distance;
        }

        double sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            double difference = (row[i] / rowLength) - (query[i] / queryLength);
            sum += difference * difference;
        }

        return sum / 2;
    }

    private static double[] Least(double[] distances, int count)
    {
        var least = new PriorityQueue<double, double>(count + 1);
        double bound = double.PositiveInfinity;
        foreach (double distance in distances)
        {
            if (least.Count < count && !double.IsNaN(distance))
            {
                least.Enqueue(distance, -distance);
            }
            else if (distance < bound)
            {
                least.EnqueueDequeue(distance, -distance);
            }

            bound = least.Count == count ? least.Peek() : bound;
        }

        double[] sorted = [.. least.UnorderedItems.Select(static item => item.Element)];
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>The sum of the products, or of the squared differences, of elements.</summary>
    private static double Sum(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, bool isDifference)
    {
        Vector512<double> sums = default;
        int whole = a.Length - (a.Length % Vector512<float>.Count);
        for (int i = 0; i < whole; i += Vector512<float>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.Create(a[i..]));
            var (otherLow, otherHigh) = Vector512.Widen(Vector512.Create(b[i..]));
            sums += isDifference
                ? ((low - otherLow) * (low - otherLow)) + ((high - otherHigh) * (high - otherHigh))
                : (low * otherLow) + (high * otherHigh);
        }

        double sum = Vector512.Sum(sums);
        for (int i = whole; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += isDifference ? difference * difference : (double)a[i] * b[i];
        }

        return sum;
    }

    private static ReadOnlySpan<float> Row(VectorFile vectors, int index) =>
        vectors.Vectors.AsSpan(index * vectors.Dimension, vectors.Dimension);
}
