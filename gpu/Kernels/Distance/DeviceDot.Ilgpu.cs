namespace NeuroDb.Gpu;

/// <summary>Device form of <see cref="Dot"/>: the negative product.</summary>
internal readonly struct DeviceDot : IDeviceRank
{
    /// <inheritdoc/>
    public float Add(Float4 row, Float4 query, float sum) =>
        DeviceMath.DotAdd(row, query, sum);

    /// <inheritdoc/>
    public float AddNorm(Float4 row, float norm) => norm;

    /// <inheritdoc/>
    public float Finish(float sum, float norm, float querySquaredNorm) => -sum;
}
