namespace NeuroDb.Gpu;

/// <summary>Device form of <see cref="SquaredEuclidean"/>: the squared distance.</summary>
internal readonly struct DeviceSquaredEuclidean : IDeviceRank
{
    /// <inheritdoc/>
    public float Add(Float4 row, Float4 query, float sum)
    {
        Float4 difference;
        difference.X = row.X - query.X;
        difference.Y = row.Y - query.Y;
        difference.Z = row.Z - query.Z;
        difference.W = row.W - query.W;
        return DeviceMath.DotAdd(difference, difference, sum);
    }

    /// <inheritdoc/>
    public float AddNorm(Float4 row, float norm) => norm;

    /// <inheritdoc/>
    public float Finish(float sum, float norm, float querySquaredNorm) => sum;
}
