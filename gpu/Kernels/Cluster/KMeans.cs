namespace NeuroDb.Gpu;

/// <summary>
/// Clustering of vectors by k-means (Lloyd, Least Squares Quantization in PCM, IEEE Trans.
/// Information Theory 28, 1982): assignment to the nearest centroid, centroids to the mean, on a
/// sample that grows with the number of clusters.
/// </summary>
/// <remarks>
/// Shapes: vectors (count, dimension), result (clusters, dimension); fewer clusters than asked for
/// where there are fewer rows. Rows with a NaN or an infinity are left out; without any other row
/// there are no clusters. The result depends on vectors, options and machine, not on the number of
/// threads: each mean is added up by one thread in the order of rows. A cluster that loses all its
/// rows begins again at the row that lies farthest from its centroid. Where sizes are
/// bounded, clusters that are too large are split by k-means of two, as balanced inverted lists are
/// made (Chen et al., SPANN, NeurIPS 2021, section 3.2).
/// </remarks>
internal static class KMeans
{
    /// <summary>The centroids of the vectors.</summary>
    public static CentroidSet Train(
        IWorkers workers,
        ReadOnlyMemory<float> vectors,
        int dimension,
        KMeansOptions options,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ClusterCount, 1);
        Invariant.Check(vectors.Length % dimension == 0, "whole vectors");
        var random = new SeededRandomSource(options.Seed);
        long wanted = (long)options.ClusterCount * options.SampleRowsPerCluster;
        float[] sample = RowSample.Draw(vectors.Span, dimension, wanted, random);
        var state = new KMeansState(workers, sample, dimension, options, random, cancellation);
        if (state.RowCount == 0)
        {
            return new CentroidSet([], dimension);
        }

        int clusters = Math.Min(options.ClusterCount, state.RowCount);
        float[] start = clusters >= options.HierarchyClustersMin
            ? Divide(state, clusters)
            : state.DrawStart(clusters);
        CentroidSet set = state.Iterate(start, options.IterationsMax);
        return options.SizeRatioMax > 0 ? state.Balance(set) : set;
    }

    /// <summary>
    /// The start of many clusters: those of each cluster of a coarse clustering.
    /// </summary>
    private static float[] Divide(KMeansState state, int clusters)
    {
        int coarse = (int)Math.Sqrt(clusters);
        CentroidSet first = state.Iterate(state.DrawStart(coarse), state.Options.IterationsMax);
        int[][] members = state.Members(first);
        var start = new List<float>(clusters * state.Dimension);
        long seen = 0;
        long given = 0;
        foreach (int[] rows in members)
        {
            seen += rows.Length;
            int share = (int)((seen * clusters / state.RowCount) - given);
            given += share;
            if (share > 0)
            {
                KMeansState part = state.Part(rows);
                start.AddRange(part.Iterate(
                    part.DrawStart(Math.Min(share, rows.Length)), 3).Vectors);
            }
        }

        return [.. start];
    }
}
