namespace NeuroDb.Gpu;

/// <summary>Device form of <see cref="Jaccard"/>: 1 - both / either, in one pass.</summary>
internal readonly struct DeviceJaccard<TChunk, TElements> : IDeviceRank<TChunk>
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
        double either = (double)norm + querySquaredNorm - sum;
        return (float)(1 - (sum / either));
    }
}
