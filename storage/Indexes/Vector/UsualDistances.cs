namespace NeuroDb.Storage;

/// <summary>
/// How far away rows and centroids lie from queries of the distribution of the rows: found by
/// calibration. A query that finds them elsewhere is of another distribution, of which calibration
/// says nothing.
/// </summary>
/// <param name="First">How far away the nearest row lies at most.</param>
/// <param name="Near">The last of the nearest <see cref="VectorDial.NearCount"/>.</param>
/// <param name="Middle">
/// The last of the nearest <see cref="VectorDial.MiddleCount"/>; infinite if not known, as are all
/// beyond.
/// </param>
/// <param name="Wide">The last of the nearest <see cref="VectorDial.WideCount"/>.</param>
/// <param name="CentroidMin">How far away the nearest centroid lies at least.</param>
/// <param name="CentroidMax">And at most.</param>
/// <remarks>
/// Distances are those of <see cref="RotatedQuery.DistanceOf"/>, which are compared with each
/// other only.
/// </remarks>
internal readonly record struct UsualDistances(
    float First,
    float Near,
    float Middle = float.PositiveInfinity,
    float Wide = float.PositiveInfinity,
    float CentroidMin = float.NegativeInfinity,
    float CentroidMax = float.PositiveInfinity)
{
    /// <summary>Any query may be of the distribution of the rows.</summary>
    public static UsualDistances Unknown => new(
        float.PositiveInfinity, float.PositiveInfinity);

    /// <summary>Whether a query may be of the distribution of the rows.</summary>
    /// <param name="count">How many rows are wanted.</param>
    /// <param name="part">Of so many rows one is looked at.</param>
    /// <param name="nearest">How far away the nearest row lies.</param>
    /// <param name="farthest">How far away the last of those wanted lies.</param>
    /// <param name="centroid">How far away the nearest centroid lies.</param>
    public bool Hold(
        int count, double part, float nearest, float farthest, float centroid) =>
        !(nearest > For(part)) && !(farthest > For(count * part))
        && !(centroid < CentroidMin) && !(centroid > CentroidMax);

    /// <summary>The distance for a count of rows, by its logarithm.</summary>
    private float For(double count) => count switch
    {
        <= 1 => First,
        <= VectorDial.NearCount => Between(1, First, VectorDial.NearCount, Near, count),
        <= VectorDial.MiddleCount => Between(
            VectorDial.NearCount, Near, VectorDial.MiddleCount, Middle, count),
        _ => Between(VectorDial.MiddleCount, Middle, VectorDial.WideCount, Wide, count),
    };

    private static float Between(
        double low, float lowDistance, double high, float highDistance, double count)
    {
        float weight = (float)(Math.Log(count / low) / Math.Log(high / low));
        return float.IsFinite(lowDistance) && float.IsFinite(highDistance)
            ? lowDistance + (weight * (highDistance - lowDistance))
            : count >= high ? highDistance : float.PositiveInfinity;
    }
}
