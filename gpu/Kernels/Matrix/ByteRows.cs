using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Rows of floats as unsigned bytes with a scale of their own, and exact sums of bytes as floats
/// again. A row x becomes round(x / s) + z with s = max|x| / L; rows that are never negative have
/// z = 0 and L = 255, others z = 128 and L = 127. A row of zeros, or with NaN, has the scale 0.
/// </summary>
internal static class ByteRows
{
    private const int Lanes = 8;

    /// <summary>The byte that stands for 0 in rows with negative numbers.</summary>
    public const int Middle = 128;

    /// <summary>Rounds a row; gives its scale.</summary>
    /// <param name="row">The numbers.</param>
    /// <param name="isPositive">Whether none of them is negative.</param>
    /// <param name="bytes">Receives as many bytes.</param>
    public static float Round(ReadOnlySpan<float> row, bool isPositive, Span<byte> bytes)
    {
        float largest = LargestOf(row);
        float level = isPositive ? 255 : 127;
        float zero = isPositive ? 0 : Middle;
        if (!(largest > 0) || !float.IsFinite(level / largest))
        {
            bytes[..row.Length].Fill((byte)zero);
            return 0;
        }

        float inverse = level / largest;
        int i = 0;
        ref float source = ref MemoryMarshal.GetReference(row);
        ref byte target = ref MemoryMarshal.GetReference(bytes);
        var scale = Vector256.Create(inverse);
        var shift = Vector256.Create(zero + 0.5f);
        for (; i <= row.Length - (4 * Lanes); i += 4 * Lanes)
        {
            Vector256<int> Part(ref float from, nuint at) => Vector256.ConvertToInt32(
                (Vector256.LoadUnsafe(ref from, at) * scale) + shift);
            nuint at = (nuint)i;
            Vector256<short> low = Vector256.Narrow(
                Part(ref source, at), Part(ref source, at + Lanes));
            Vector256<short> high = Vector256.Narrow(
                Part(ref source, at + (2 * Lanes)), Part(ref source, at + (3 * Lanes)));
            Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).StoreUnsafe(ref target, at);
        }

        for (; i < row.Length; i++)
        {
            bytes[i] = (byte)(int)((row[i] * inverse) + (zero + 0.5f));
        }

        return largest / level;
    }

    /// <summary>y = s_x s_w (sum - z sum of w) + b, and 0 for what is below it if asked for.
    /// </summary>
    /// <param name="sums">The exact sums of a row.</param>
    /// <param name="scale">The scale of the row.</param>
    /// <param name="isPositive">Whether the row has no negative numbers.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="scales">The scale of each column.</param>
    /// <param name="bias">What is added to each column.</param>
    /// <param name="isRectified">Whether negative outputs become 0.</param>
    /// <param name="output">Receives as many numbers as there are columns.</param>
    public static void Restore(
        ReadOnlySpan<int> sums,
        float scale,
        bool isPositive,
        ByteMatrix matrix,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<float> bias,
        bool isRectified,
        Span<float> output)
    {
        int zero = isPositive ? 0 : Middle;
        float least = isRectified ? 0 : float.NegativeInfinity;
        int i = 0;
        var factor = Vector256.Create(scale);
        var middle = Vector256.Create(zero);
        var floor = Vector256.Create(least);
        ReadOnlySpan<int> columns = matrix.Sums;
        for (; i <= output.Length - Lanes; i += Lanes)
        {
            Vector256<int> whole = Vector256.Create(sums[i..])
                - (middle * Vector256.Create(columns[i..]));
            Vector256<float> value = (Vector256.ConvertToSingle(whole) * factor
                * Vector256.Create(scales[i..])) + Vector256.Create(bias[i..]);
            Vector256.Max(value, floor).CopyTo(output[i..]);
        }

        for (; i < output.Length; i++)
        {
            float value = ((sums[i] - (zero * columns[i])) * scale * scales[i]) + bias[i];
            output[i] = Math.Max(value, least);
        }
    }

    private static float LargestOf(ReadOnlySpan<float> row)
    {
        int i = 0;
        float largest = 0;
        var most = Vector256<float>.Zero;
        for (; i <= row.Length - Lanes; i += Lanes)
        {
            most = Vector256.Max(most, Vector256.Abs(Vector256.Create(row[i..])));
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            largest = MathF.Max(largest, most[lane]);
        }

        for (; i < row.Length; i++)
        {
            largest = MathF.Max(largest, MathF.Abs(row[i]));
        }

        return largest;
    }
}
