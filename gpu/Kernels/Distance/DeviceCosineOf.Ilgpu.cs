using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary>Device form of <see cref="CosineDistance"/>: 1 - cos, in one pass.</summary>
internal readonly struct DeviceCosine<TChunk, TElements> : IDeviceRank<TChunk>
    where TChunk : unmanaged
    where TElements : struct, IDeviceElements<TChunk>
{
    /// <inheritdoc/>
    public float Add(TChunk row, TChunk query, float sum) =>
        default(TElements).AddProduct(row, query, sum);

    /// <inheritdoc/>
    public float AddNorm(TChunk row, float norm) =>
        default(TElements).AddProduct(row, row, norm);

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
