using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>The exact scan of floats by our own kernel: the honest floor.</summary>
internal sealed class FusedScanPeer(Metric metric) : IVectorPeer
{
    private float[] _vectors = [];
    private int _dimension = 1;

    /// <inheritdoc/>
    public string Name => "brute force, own kernel over floats";

    /// <inheritdoc/>
    public void Load(float[] vectors, int dimension)
    {
        _vectors = vectors;
        _dimension = dimension;
    }

    /// <inheritdoc/>
    public long[] Search(float[] query, int k)
    {
        var heap = new TopKHeap(k);
        var block = new VectorBlock(
            _vectors, _vectors.Length / _dimension, _dimension, 0, default);
        FusedScan.Run(new ScanQuery(metric, query, k), block, heap);
        return [.. heap.ToSortedArray().Select(static candidate => candidate.Id)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
