namespace NeuroDb.Gpu;

/// <summary>
/// A query in signed bytes, as <see cref="CoarseCentroids"/> compare it with centroids. One thread
/// owns it and may set it again, in the same memory.
/// </summary>
internal sealed class CoarseQuery
{
    private sbyte[] _levels = [];

    /// <summary>The elements by steps.</summary>
    public ReadOnlySpan<sbyte> Levels => _levels;

    /// <summary>What a level stands for.</summary>
    public float Step { get; private set; }

    /// <summary>dot(query, query).</summary>
    public float SquaredNorm { get; private set; }

    /// <summary>Takes a query, whose length is a multiple of 16.</summary>
    public void Set(ReadOnlySpan<float> query)
    {
        _levels = _levels.Length == query.Length ? _levels : new sbyte[query.Length];
        Step = CoarseCentroids.StepOf(query);
        CoarseCentroids.Quantize(query, Step, _levels);
        SquaredNorm = Norm.ComputeSquared(query);
    }
}
