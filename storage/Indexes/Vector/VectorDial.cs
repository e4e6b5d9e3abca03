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
/// <param name="MiddleReach">
/// The reach where the nearest <see cref="MiddleCount"/> are wanted; 0 if it lies between the two.
/// </param>
/// <param name="MissingMax">
/// The share of the nearest rows that lists beyond reach may seem to hold before a search goes
/// farther: more than they do for nearly all that was calibrated for. Infinite: it never does.
/// </param>
internal readonly record struct VectorDial(
    float Reach,
    float Confidence,
    float WideReach = 0,
    float MiddleReach = 0,
    float MissingMax = VectorDial.MissingDefault)
{
    /// <summary>
    /// How far away rows are found by queries of the distribution of the rows; all that find them
    /// farther away go through all lists. Null if it is not known.
    /// </summary>
    public UsualDistances? Usual { get; init; }

    /// <summary>What lists beyond reach may seem to hold where calibration does not say.</summary>
    public const float MissingDefault = 0.1f;

    /// <summary>
    /// For how many rows the reach is calibrated; a search for fewer goes as far.
    /// </summary>
    public const int NearCount = 10;

    /// <summary>For how many rows the middle reach is calibrated.</summary>
    public const int MiddleCount = 100;

    /// <summary>For how many rows the wide reach is calibrated.</summary>
    public const int WideCount = 1000;

    // Where a condition lies to one side of the query, neighbours are farther apart than as many
    // rows around it.
    private const double NearCaution = 4;

    // Where so many times more rows are near than the share that passes explains, those that pass
    // lie away from the query, in lists of which the dial knows nothing: all are searched.
    private const double AwayRatio = 10;

    // Of rows that are picked out more lie about as far as the k-th best; fewer are compared, too.
    private const double PickedShare = 0.9;
    private const float PickedConfidence = 3;

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
        float middle = Math.Max(Reach, MiddleReach);
        if (count <= NearCount)
        {
            return Reach;
        }

        if (MiddleReach <= 0 || count > WideCount)
        {
            return Between(NearCount, Reach, WideCount, Math.Max(middle, WideReach), count);
        }

        return count <= MiddleCount
            ? Between(NearCount, Reach, MiddleCount, middle, count)
            : Between(MiddleCount, middle, WideCount, Math.Max(middle, WideReach), count);
    }

    /// <summary>
    /// The same confidence, and every reach multiplied; all lists if by infinity.
    /// </summary>
    public VectorDial Times(float factor) => float.IsPositiveInfinity(factor)
        ? new VectorDial(factor, Confidence)
        : this with
        {
            Reach = Reach * factor,
            WideReach = WideReach * factor,
            MiddleReach = MiddleReach * factor,
        };

    /// <summary>The reach under a condition.</summary>
    /// <param name="count">How many rows are wanted.</param>
    /// <param name="selectivity">The share of the rows that passes.</param>
    /// <param name="near">The rows that are as near as the k-th best that passes.</param>
    public float ReachFor(int count, double selectivity, double near)
    {
        double wanted = count / selectivity;
        return selectivity < PickedShare && near > AwayRatio * wanted
            ? float.PositiveInfinity
            : ReachFor(NearCaution * Math.Max(wanted, near));
    }

    /// <summary>The confidence where such a share of all rows passes.</summary>
    public float ConfidenceFor(double selectivity) => selectivity < PickedShare
        ? Math.Max(Confidence, PickedConfidence)
        : Confidence;

    private static float Between(
        double low, float lowReach, double high, float highReach, double count)
    {
        double power = Math.Log(count / low) / Math.Log(high / low);
        return lowReach == highReach
            ? lowReach
            : (float)(lowReach * Math.Pow(highReach / lowReach, power));
    }
}
