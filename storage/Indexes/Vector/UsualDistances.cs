namespace NeuroDb.Storage;

/// <summary>
/// How far away rows and centroids lie from queries of the distribution of the rows: found by
/// calibration. A query that finds them elsewhere is of another distribution, of which calibration
/// says nothing.
/// </summary>
/// <param name="Far">How far away the last of so many rows lies at most.</param>
/// <param name="Spread">
/// The same, measured by the distance of the nearest centroid.
/// </param>
/// <param name="CentroidMin">How far away the nearest centroid lies at least.</param>
/// <param name="CentroidMax">And at most.</param>
/// <param name="DepthMin">
/// The same, measured by how far rows of its list lie from it, at least.
/// </param>
/// <param name="DepthMax">And at most.</param>
/// <remarks>
/// Distances are those of <see cref="RotatedQuery.DistanceOf"/>, which are compared with each
/// other only.
/// </remarks>
internal readonly record struct UsualDistances(
    UsualLimits Far,
    UsualLimits Spread,
    float CentroidMin,
    float CentroidMax,
    float DepthMin,
    float DepthMax)
{
    /// <summary>Any query may be of the distribution of the rows.</summary>
    public static UsualDistances Unknown => new(
        UsualLimits.Unknown,
        UsualLimits.Unknown,
        float.NegativeInfinity,
        float.PositiveInfinity,
        float.NegativeInfinity,
        float.PositiveInfinity);

    /// <summary>What lies within these limits and others.</summary>
    public UsualDistances And(in UsualDistances other) => new(
        Far.And(other.Far),
        Spread.And(other.Spread),
        Math.Max(CentroidMin, other.CentroidMin),
        Math.Min(CentroidMax, other.CentroidMax),
        Math.Max(DepthMin, other.DepthMin),
        Math.Min(DepthMax, other.DepthMax));

    /// <summary>Whether a query may be of the distribution of the rows.</summary>
    /// <param name="count">How many rows are wanted.</param>
    /// <param name="part">Of so many rows one is looked at.</param>
    /// <param name="query">How the query lies to them.</param>
    public bool Hold(int count, double part, in QueryDistances query) =>
        !(query.Nearest > Far.For(part)) && !(query.Farthest > Far.For(count * part))
        && !(query.Centroid < CentroidMin) && !(query.Centroid > CentroidMax)
        && !(query.Depth < DepthMin) && !(query.Depth > DepthMax)
        && !(query.Spread > Spread.For(count * part));
}
