namespace NeuroDb.Gpu;

/// <summary>What a scan looks for: a vector, a metric, and how many rows.</summary>
internal sealed class ScanQuery
{
    /// <summary>
    /// Prepares a search for the k rows closest to a vector, which is not copied.
    /// </summary>
    public ScanQuery(Metric metric, ReadOnlyMemory<float> vector, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, TopKHeap.CapacityMax);
        if (!Enum.IsDefined(metric))
        {
            throw new ArgumentOutOfRangeException(nameof(metric));
        }

        Metric = metric;
        Vector = vector;
        K = k;
    }

    /// <summary>How closeness is measured.</summary>
    public Metric Metric { get; }

    /// <summary>The vector; its length is the dimension of the rows.</summary>
    public ReadOnlyMemory<float> Vector { get; }

    /// <summary>How many rows are wanted.</summary>
    public int K { get; }

    /// <summary>Floats in the query and in each row.</summary>
    public int Dimension => Vector.Length;

    /// <summary>The result: candidates by rank become candidates by distance, in order.</summary>
    public Candidate[] ToResult(TopKHeap heap) => Ranks.ToResult(Metric, heap);
}
