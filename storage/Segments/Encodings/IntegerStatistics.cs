namespace NeuroDb.Storage;

/// <summary>What one pass over the numbers of a chunk finds out, to choose an encoding.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Minimum">The lowest.</param>
/// <param name="Maximum">The highest.</param>
/// <param name="RunCount">The runs of equal neighbours.</param>
/// <param name="DeltaMinimum">The lowest difference of neighbours, wrapping.</param>
/// <param name="DeltaMaximum">The highest difference of neighbours, wrapping.</param>
internal readonly record struct IntegerStatistics(
    int Count,
    long Minimum,
    long Maximum,
    int RunCount,
    long DeltaMinimum,
    long DeltaMaximum)
{
    /// <summary>The bits of the distance to the lowest value.</summary>
    public int Width => BitPacking.WidthOf((ulong)Maximum - (ulong)Minimum);

    /// <summary>The bits of the distance to the lowest difference.</summary>
    public int DeltaWidth => BitPacking.WidthOf((ulong)DeltaMaximum - (ulong)DeltaMinimum);

    /// <summary>Looks at numbers, at least one.</summary>
    public static IntegerStatistics Of(ReadOnlySpan<long> values)
    {
        Invariant.Check(values.Length > 0);
        long previous = values[0];
        long min = previous;
        long max = previous;
        long deltaMin = values.Length > 1 ? long.MaxValue : 0;
        long deltaMax = values.Length > 1 ? long.MinValue : 0;
        int runs = 1;
        for (int i = 1; i < values.Length; i++)
        {
            long value = values[i];
            long delta = unchecked(value - previous);
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            deltaMin = Math.Min(deltaMin, delta);
            deltaMax = Math.Max(deltaMax, delta);
            runs += delta != 0 ? 1 : 0;
            previous = value;
        }

        return new IntegerStatistics(values.Length, min, max, runs, deltaMin, deltaMax);
    }
}
