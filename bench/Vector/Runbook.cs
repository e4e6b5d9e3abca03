using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>The rows and queries of a <see cref="RunbookBench"/>, by clusters.</summary>
internal sealed class Runbook
{
    private readonly int[][] _members;
    private readonly int[][] _asked;
    private readonly VectorFile _queries;

    private Runbook(
        VectorFile rows, VectorFile queries, int[] clusters, int[] asked, int clusterCount,
        int window, int queryCount)
    {
        Rows = rows;
        _queries = queries;
        Window = window;
        _members = Divided(clusters, clusterCount, int.MaxValue);
        _asked = Divided(asked, clusterCount, queryCount);
        QueryCount = queryCount;
    }

    /// <summary>All rows, those of a cluster anywhere.</summary>
    public VectorFile Rows { get; }

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount => _members.Length;

    /// <summary>How many of them are in the table at a time.</summary>
    public int Window { get; }

    /// <summary>How many queries are asked of each kind.</summary>
    public int QueryCount { get; }

    /// <summary>The rows of a cluster.</summary>
    public int[] Members(int cluster) => _members[cluster];

    /// <summary>Queries from a cluster.</summary>
    public IEnumerable<float[]> Queries(int cluster) => _asked[cluster].Select(_queries.Row);

    /// <summary>Queries from all clusters in turn.</summary>
    public IEnumerable<float[]> Queries() => Enumerable.Range(0, QueryCount).Select(
        i => _queries.Row((int)((long)i * _queries.Count / QueryCount)));

    /// <summary>
    /// Clusters of different widths, each a little farther than the one before.
    /// </summary>
    public static Runbook Generate(
        int rows, int dimension, int clusters, int window, int queries)
    {
        var random = new Random(3);
        int[] ofRows = [.. Enumerable.Range(0, rows).Select(row => row * clusters / rows)];
        int asked = clusters * queries;
        int[] ofQueries = [.. Enumerable.Range(0, asked).Select(row => row / queries)];
        return new Runbook(
            Draw(random, ofRows, dimension),
            Draw(random, ofQueries, dimension),
            ofRows,
            ofQueries,
            clusters,
            window,
            queries);
    }

    /// <summary>Divides vectors among a few of them, each to the nearest.</summary>
    public static Runbook Divide(
        VectorFile rows, VectorFile asked, int clusters, int window, int queries)
    {
        float[][] centers =
            [.. Enumerable.Range(0, clusters).Select(i => rows.Row(i * rows.Count / clusters))];
        return new Runbook(
            rows, asked, NearestOf(rows, centers), NearestOf(asked, centers), clusters, window,
            queries);
    }

    private static int[] NearestOf(VectorFile vectors, float[][] centers)
    {
        var nearest = new int[vectors.Count];
        Parallel.For(0, nearest.Length, row =>
        {
            ReadOnlySpan<float> vector = vectors.Vectors.AsSpan(
                row * vectors.Dimension, vectors.Dimension);
            float best = float.PositiveInfinity;
            for (int i = 0; i < centers.Length; i++)
            {
                float squared = SquaredEuclidean.Compute(vector, centers[i]);
                (best, nearest[row]) = squared < best ? (squared, i) : (best, nearest[row]);
            }
        });
        return nearest;
    }

    private static VectorFile Draw(Random random, int[] clusters, int dimension)
    {
        var vectors = new float[clusters.Length * dimension];
        for (int row = 0; row < clusters.Length; row++)
        {
            int cluster = clusters[row];
            var center = new Random(cluster + 17);
            double spread = (cluster % 3) switch { 0 => 0.2, 1 => 0.6, _ => 1.2 };
            for (int i = 0; i < dimension; i++)
            {
                double drift = i < dimension / 4 ? 0.15 * cluster : 0;
                vectors[(row * dimension) + i] = (float)(drift
                    + VectorDistributions.Normal(center)
                    + (spread * VectorDistributions.Normal(random)));
            }
        }

        return new VectorFile(vectors, dimension);
    }

    private static int[][] Divided(int[] clusters, int count, int countMax) =>
    [
        .. Enumerable.Range(0, count).Select(cluster => Enumerable.Range(0, clusters.Length)
            .Where(row => clusters[row] == cluster).Take(countMax).ToArray()),
    ];
}
