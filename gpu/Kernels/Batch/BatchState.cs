namespace NeuroDb.Gpu;

/// <summary>
/// The queries of a batch while rows pass by: their bounds, and the threshold of each heap. Arrays
/// are padded to whole tiles with queries that nothing is a candidate for. One thread owns it.
/// </summary>
internal sealed class BatchState
{
    private readonly TopKHeap[] _heaps;

    /// <summary>Begins with the heaps as they are.</summary>
    public BatchState(TopKHeap[] heaps)
    {
        _heaps = heaps;
        int padded = (heaps.Length + 3) / 4 * 4;
        Terms = new float[padded];
        Scales = new float[padded];
        Norms = new double[heaps.Length];
        Thresholds = new float[padded];
        Thresholds.AsSpan().Fill(float.NegativeInfinity);
        for (int i = 0; i < heaps.Length; i++)
        {
            Thresholds[i] = heaps[i].Threshold;
        }
    }

    /// <summary>How many queries.</summary>
    public int Count => _heaps.Length;

    /// <summary>The added part of each query's bounds.</summary>
    public float[] Terms { get; }

    /// <summary>The multiplied part of each query's bounds.</summary>
    public float[] Scales { get; }

    /// <summary>dot(query, query).</summary>
    public double[] Norms { get; }

    /// <summary>The thresholds of the heaps.</summary>
    public float[] Thresholds { get; }

    /// <summary>Offers an exact rank to a query.</summary>
    public void Offer(int query, float rank, long id)
    {
        _heaps[query].TryAdd(rank, id);
        Thresholds[query] = _heaps[query].Threshold;
    }
}
