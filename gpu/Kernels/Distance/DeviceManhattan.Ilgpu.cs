using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>Device form of <see cref="Manhattan"/>: the distance.</summary>
internal readonly struct DeviceManhattan : IDeviceRank
{
    /// <inheritdoc/>
    public float Add(Float4 row, Float4 query, float sum)
    {
        sum += IntrinsicMath.Abs(row.X - query.X);
        sum += IntrinsicMath.Abs(row.Y - query.Y);
        sum += IntrinsicMath.Abs(row.Z - query.Z);
        sum += IntrinsicMath.Abs(row.W - query.W);
        return sum;
    }

    /// <inheritdoc/>
    public float AddNorm(Float4 row, float norm) => norm;

    /// <inheritdoc/>
    public float Finish(float sum, float norm, float querySquaredNorm) => sum;
}
