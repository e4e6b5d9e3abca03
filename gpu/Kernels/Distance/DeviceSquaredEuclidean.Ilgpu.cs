namespace NeuroDb.Gpu;

/// <summary>Device form of <see cref="SquaredEuclidean"/>: the squared distance.</summary>
internal readonly struct DeviceSquaredEuclidean : IDeviceRank
{
    /// <inheritdoc/>
    public float Add(Float4 row, Float4 query, float sum)
    {
        float x = row.X - query.X;
        float y = row.Y - query.Y;
        float z = row.Z - query.Z;
        float w = row.W - query.W;
        sum = DeviceMath.MultiplyAdd(x, x, sum);
        sum = DeviceMath.MultiplyAdd(y, y, sum);
        sum = DeviceMath.MultiplyAdd(z, z, sum);
        sum = DeviceMath.MultiplyAdd(w, w, sum);
        return sum;
    }

    /// <inheritdoc/>
    public float AddNorm(Float4 row, float norm) => norm;

    /// <inheritdoc/>
    public float Finish(float sum, float norm, float querySquaredNorm) => sum;
}
