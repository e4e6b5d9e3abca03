namespace NeuroDb.Storage;

/// <summary>
/// How far a search goes, which decides its recall: found by calibration.
/// </summary>
/// <param name="Reach">
/// How much farther than the nearest one the centroid of a list may lie, measured by the distance
/// of the k-th best row found, where the nearest <see cref="NearCount"/> rows are wanted: see
/// <see cref="VectorProbe"/>.
/// </param>
/// <param name="Confidence">
/// How many standard deviations the estimate of a row may lie above the k-th best.
/// </param>
/// <param name="WideReach">
/// The reach where the nearest <see cref="WideCount"/> are wanted; 0 if it is the same.
/// </param>
internal readonly record struct VectorDial(float Reach, float Confidence, float WideReach = 0)
{
    /// <summary>For how many rows the reach is calibrated.</summary>
    public const int NearCount = 10;

    /// <summary>For how many rows the wide reach is calibrated.</summary>
    public const int WideCount = 1000;

    /// <summary>All lists, and rows are left out only where chance has no say.</summary>
    public static VectorDial Full => new(float.PositiveInfinity, 6);

    /// <summary>All lists, and a row is left out once in thirty thousand times.</summary>
    public static VectorDial Certain => new(float.PositiveInfinity, 4);

    /// <summary>
    /// The reach for the nearest so many rows, of all that there are: where a condition lets one of
    /// a hundred pass, the nearest ten that pass are spread as wide as the nearest thousand. It is
    /// interpolated, and extrapolated, by the logarithm of the count, and never below the reach.
    /// </summary>
    public float ReachFor(double count)
    {
        if (WideReach <= Reach || count <= NearCount)
        {
            return Reach;
        }

        double power = Math.Log(count / NearCount) / Math.Log((double)WideCount / NearCount);
        return (float)(Reach * Math.Pow(WideReach / Reach, power));
    }
}
