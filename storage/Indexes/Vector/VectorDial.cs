namespace NeuroDb.Storage;

/// <summary>
/// How far a search goes, which decides its recall: found by calibration.
/// </summary>
/// <param name="Reach">
/// How much farther than the nearest one the centroid of a list may lie, measured by the distance
/// of the k-th best row found: see <see cref="VectorProbe"/>.
/// </param>
/// <param name="Confidence">
/// How many standard deviations the estimate of a row may lie above the k-th best.
/// </param>
internal readonly record struct VectorDial(float Reach, float Confidence)
{
    /// <summary>All lists, and rows are left out only where chance has no say.</summary>
    public static VectorDial Full => new(float.PositiveInfinity, 6);
}
