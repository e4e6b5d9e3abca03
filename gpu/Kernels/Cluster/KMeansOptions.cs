namespace NeuroDb.Gpu;

/// <summary>What <see cref="KMeans"/> is asked for.</summary>
/// <param name="ClusterCount">How many centroids, at least 1.</param>
/// <param name="Seed">What every random choice comes from.</param>
internal sealed record KMeansOptions(int ClusterCount, ulong Seed)
{
    /// <summary>Where centroids begin.</summary>
    public ClusterStart Start { get; init; } = ClusterStart.Sample;

    /// <summary>Rounds of assignment and update.</summary>
    public int IterationsMax { get; init; } = 8;

    /// <summary>Rows that are looked at for each cluster; the others are left out.</summary>
    public int SampleRowsPerCluster { get; init; } = 256;

    /// <summary>
    /// Clusters of more rows than so many times the mean are split, at the cost of small ones;
    /// 0 where sizes do not matter. Otherwise above 1; 4 keeps lists even at little cost.
    /// </summary>
    public float SizeRatioMax { get; init; }

    /// <summary>
    /// From this many clusters on, a coarse clustering is made first and each of its clusters is
    /// divided in proportion to its size.
    /// </summary>
    public int HierarchyClustersMin { get; init; } = 1024;

    /// <summary>
    /// Whether rows are compared with centroids in signed bytes where that is faster; their
    /// dimension is then a multiple of 16. Spread out evenly, as rotated vectors are, they lose
    /// nothing that matters.
    /// </summary>
    public bool IsRounded { get; init; }
}
