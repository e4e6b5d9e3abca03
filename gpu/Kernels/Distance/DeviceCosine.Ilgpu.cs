using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary>Device form of <see cref="CosineDistance"/>: 1 - cos, in one pass.</summary>
internal readonly struct DeviceCosine : IDeviceRank
{
    /// <inheritdoc/>
    public float Add(Float4 row, Float4 query, float sum) =>
        DeviceMath.DotAdd(row, query, sum);

    /// <inheritdoc/>
    public float AddNorm(Float4 row, float norm) => DeviceMath.DotAdd(row, row, norm);

    /// <inheritdoc/>
    public float Finish(float sum, float norm, float querySquaredNorm)
    {
        double product = (double)norm * querySquaredNorm;
        if (product > double.MaxValue)
        {
            return float.NaN;
        }

        double cosine = sum / XMath.Sqrt(product);
        if (cosine > 1)
        {
            cosine = 1;
        }

        if (cosine < -1)
        {
            cosine = -1;
        }

        return (float)(1 - cosine);
    }
}
