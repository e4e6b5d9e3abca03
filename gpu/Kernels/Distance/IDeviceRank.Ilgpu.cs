namespace NeuroDb.Gpu;

/// <summary>
/// The device form of <see cref="IRowRank"/>: what one thread adds up over its share of a row, and
/// the rank that the sums of all threads stand for. Zeros paired with zeros add nothing.
/// </summary>
internal interface IDeviceRank
{
    /// <summary>The main sum after four more elements.</summary>
    float Add(Float4 row, Float4 query, float sum);

    /// <summary>The squared norm of the row after four more elements, where it is needed.</summary>
    float AddNorm(Float4 row, float norm);

    /// <summary>The rank; NaN where the distance is undefined.</summary>
    float Finish(float sum, float norm, float querySquaredNorm);
}
