namespace NeuroDb.Query;

/// <summary>Fits numbers into DECIMAL(precision, scale).</summary>
internal static class DecimalScale
{
    private static readonly decimal[] Powers = MakePowers();

    /// <summary>
    /// The number with exactly the scale of the type, rounded half away from zero; raises
    /// <see cref="ErrorCode.NumericOutOfRange"/> if it has too many digits before the point.
    /// </summary>
    public static decimal Fit(decimal number, DataType type, SourcePosition position)
    {
        if (type.Length == 0)
        {
            return number;
        }

        decimal rounded = Math.Round(number, type.Scale, MidpointRounding.AwayFromZero);
        if (type.IsUBigInt
            ? rounded is < 0 or > ulong.MaxValue
            : Math.Abs(rounded) >= Powers[type.Length - type.Scale])
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, $"{number} does not fit {type}.", position);
        }

        return rounded + ZeroOfScale(type.Scale);
    }

    private static decimal ZeroOfScale(byte scale) => new(0, 0, 0, false, scale);

    private static decimal[] MakePowers()
    {
        var powers = new decimal[Limits.DecimalPrecisionMax + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
