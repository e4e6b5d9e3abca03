namespace NeuroDb.Gpu;

/// <summary>
/// The device form of <see cref="IElementLanes{TVector}"/>: what distances add up over 16 bytes of
/// elements. The sum of all elements of a chunk is added in single precision.
/// </summary>
internal interface IDeviceElements<TChunk>
    where TChunk : unmanaged
{
    /// <summary>sum + a * b.</summary>
    float AddProduct(TChunk a, TChunk b, float sum);

    /// <summary>sum + (a - b)^2.</summary>
    float AddSquaredDifference(TChunk a, TChunk b, float sum);

    /// <summary>sum + |a - b|.</summary>
    float AddAbsoluteDifference(TChunk a, TChunk b, float sum);

    /// <summary>sum + (a == b ? 0 : 1).</summary>
    float AddDifferent(TChunk a, TChunk b, float sum);
}
