using System.Numerics;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>The least of some numbers, and those up to a limit, in registers.</summary>
internal static class Minimum
{
    /// <summary>The index of the first of the least numbers; 0 if there is none.</summary>
    /// <remarks>A NaN is never the least; where there is nothing else the index is 0.</remarks>
    public static int IndexOf(ReadOnlySpan<float> numbers)
    {
        int width = Vector512<float>.Count;
        Vector512<float> least = Vector512.Create(float.PositiveInfinity);
        int i = 0;
        for (; i <= numbers.Length - width; i += width)
        {
            least = Vector512.MinNumber(least, Vector512.Create(numbers[i..]));
        }

        float value = float.PositiveInfinity;
        for (int lane = 0; lane < width; lane++)
        {
            value = MathF.Min(value, least[lane]);
        }

        for (; i < numbers.Length; i++)
        {
            value = numbers[i] < value ? numbers[i] : value;
        }

        return Math.Max(0, numbers.IndexOf(value));
    }

    /// <summary>Writes the indexes of all numbers that are not above a limit, ascending.</summary>
    /// <param name="numbers">The numbers; a NaN does not lie above anything.</param>
    /// <param name="limit">The limit; above a NaN nothing lies.</param>
    /// <param name="indexes">Where they go; what does not fit is left out.</param>
    /// <returns>How many were written.</returns>
    public static int IndexesUpTo(
        ReadOnlySpan<float> numbers, float limit, Span<int> indexes)
    {
        int width = Vector512<float>.Count;
        Vector512<float> bound = Vector512.Create(limit);
        int count = 0;
        int i = 0;
        for (; i <= numbers.Length - width; i += width)
        {
            ulong kept = (~Vector512.GreaterThan(Vector512.Create(numbers[i..]), bound))
                .ExtractMostSignificantBits();
            for (; kept != 0 && count < indexes.Length; kept &= kept - 1)
            {
                indexes[count++] = i + BitOperations.TrailingZeroCount(kept);
            }
        }

        for (; i < numbers.Length && count < indexes.Length; i++)
        {
            indexes[count] = i;
            count += numbers[i] > limit ? 0 : 1;
        }

        return count;
    }
}
