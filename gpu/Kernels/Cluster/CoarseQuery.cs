namespace NeuroDb.Gpu;

/// <summary>
/// A query in signed bytes, as <see cref="CoarseCentroids"/> compare it with centroids. One thread
/// owns it and may set it again, in the same memory.
/// </summary>
internal sealed class CoarseQuery
{
    private sbyte[] _levels = [];
    private float[] _moved = [];

    /// <summary>The elements, seen from the mean of the centroids, by steps.</summary>
    public ReadOnlySpan<sbyte> Levels => _levels;

    /// <summary>What a level stands for.</summary>
    public float Step { get; private set; }

    /// <summary>The squared distance from the mean of the centroids.</summary>
    public float SquaredNorm { get; private set; }

    /// <summary>dot(query, mean of the centroids).</summary>
    public float MeanProduct { get; private set; }

    /// <summary>Takes a query, as long as the mean of the centroids.</summary>
    public void Set(ReadOnlySpan<float> query, ReadOnlySpan<float> mean)
    {
        if (_levels.Length != query.Length)
        {
            _levels = new sbyte[query.Length];
            _moved = new float[query.Length];
        }

        VectorShift.Subtract(query, mean, _moved);
        Step = CoarseCentroids.StepOf(_moved);
        CoarseCentroids.Quantize(_moved, Step, _levels);
        SquaredNorm = Norm.ComputeSquared(_moved);
        MeanProduct = Dot.Compute(query, mean);
    }
}
