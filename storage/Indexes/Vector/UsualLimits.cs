namespace NeuroDb.Storage;

/// <summary>What something about the last of so many nearest rows is at most.</summary>
/// <param name="First">Of the nearest one.</param>
/// <param name="Near">Of the nearest <see cref="VectorDial.NearCount"/>.</param>
/// <param name="Middle">
/// Of the nearest <see cref="VectorDial.MiddleCount"/>; infinite if not known, as are all beyond.
/// </param>
/// <param name="Wide">Of the nearest <see cref="VectorDial.WideCount"/>.</param>
internal readonly record struct UsualLimits(float First, float Near, float Middle, float Wide)
{
    /// <summary>Nothing is known.</summary>
    public static UsualLimits Unknown => new(
        float.PositiveInfinity,
        float.PositiveInfinity,
        float.PositiveInfinity,
        float.PositiveInfinity);

    /// <summary>The lower one of each limit and another.</summary>
    public UsualLimits And(in UsualLimits other) => new(
        Math.Min(First, other.First),
        Math.Min(Near, other.Near),
        Math.Min(Middle, other.Middle),
        Math.Min(Wide, other.Wide));

    /// <summary>The limit for a count of rows, by its logarithm.</summary>
    public float For(double count) => count switch
    {
        <= 1 => First,
        <= VectorDial.NearCount => Between(1, First, VectorDial.NearCount, Near, count),
        <= VectorDial.MiddleCount => Between(
            VectorDial.NearCount, Near, VectorDial.MiddleCount, Middle, count),
        _ => Between(VectorDial.MiddleCount, Middle, VectorDial.WideCount, Wide, count),
    };

    private static float Between(
        double low, float lowLimit, double high, float highLimit, double count)
    {
        float weight = (float)(Math.Log(count / low) / Math.Log(high / low));
        return float.IsFinite(lowLimit) && float.IsFinite(highLimit)
            ? lowLimit + (weight * (highLimit - lowLimit))
            : count >= high ? highLimit : float.PositiveInfinity;
    }
}
