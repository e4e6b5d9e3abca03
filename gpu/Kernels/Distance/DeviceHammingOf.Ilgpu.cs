namespace NeuroDb.Gpu;

/// <summary>Device form of <see cref="Hamming"/>: the count.</summary>
internal readonly struct DeviceHamming<TChunk, TElements> : IDeviceRank<TChunk>
    where TChunk : unmanaged
    where TElements : struct, IDeviceElements<TChunk>
{
    /// <inheritdoc/>
    public float Add(TChunk row, TChunk query, float sum) =>
        default(TElements).AddDifferent(row, query, sum);

    /// <inheritdoc/>
    public float AddNorm(TChunk row, float norm) => norm;

    /// <inheritdoc/>
    public float Finish(float sum, float norm, float querySquaredNorm) => sum;
}
