namespace NeuroDb.Gpu;

/// <summary>
/// The device form of <see cref="IRowRank"/>: what one thread adds up over its share of a row, and
/// the rank that the sums of all threads stand for. Zeros paired with zeros add nothing.
/// </summary>
/// <typeparam name="TChunk">The 16 bytes of elements that a thread loads at once.</typeparam>
internal interface IDeviceRank<TChunk>
    where TChunk : unmanaged
{
    /// <summary>The main sum after the elements of one more chunk.</summary>
    float Add(TChunk row, TChunk query, float sum);

    /// <summary>
    /// The squared norm of the row after one more chunk, where it is needed.
    /// </summary>
    float AddNorm(TChunk row, float norm);

    /// <summary>The rank; NaN where the distance is undefined.</summary>
    float Finish(float sum, float norm, float querySquaredNorm);
}
