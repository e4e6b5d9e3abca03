using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Reads decimal numbers fast where that is exact: W. D. Clinger, How to read floating point
/// numbers accurately, PLDI 1990, section 3: digits below 2^53 times or over a power of ten up to
/// 10^22 round once, so the result is the nearest double.
/// </summary>
internal static class NumberText
{
    private const ulong ExactMax = 1UL << 53;

    private static ReadOnlySpan<double> Powers =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// The nearest double of a text such as -12.5e3; false for anything else, also for what is
    /// not finite.
    /// </summary>
    public static bool TryReadDouble(ReadOnlySpan<byte> text, out double value)
    {
        if (!TrySplit(text, out bool isNegative, out ulong digits, out int exponent)
            || digits > ExactMax || exponent is < -22 or > 22)
        {
            return double.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                && double.IsFinite(value);
        }

        double number = digits;
        number = exponent < 0 ? number / Powers[-exponent] : number * Powers[exponent];
        value = isNegative ? -number : number;
        return true;
    }

    /// <summary>The nearest float of a text; false as for doubles.</summary>
    public static bool TryReadSingle(ReadOnlySpan<byte> text, out float value)
    {
        // Rounding twice is wrong only where the double lies halfway between two floats, and
        // below the normal floats the halves lie elsewhere.
        const long HalfMask = (1L << 29) - 1;
        if (TryReadDouble(text, out double wide)
            && (BitConverter.DoubleToInt64Bits(wide) & HalfMask) != 1L << 28
            && (Math.Abs(wide) >= 2e-38 || wide == 0))
        {
            value = (float)wide;
            return float.IsFinite(value);
        }

        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && float.IsFinite(value);
    }

    /// <summary>
    /// The digits and the power of ten of a number that begins with its sign or a digit; false if
    /// the text is no such number or has more than 19 digits.
    /// </summary>
    public static bool TrySplit(
        ReadOnlySpan<byte> text, out bool isNegative, out ulong digits, out int exponent)
    {
        digits = 0;
        exponent = 0;
        isNegative = text.Length > 0 && text[0] == '-';
        int i = isNegative ? 1 : 0;
        int first = i;
        int pointAt = -1;
        for (; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
            }
            else if (text[i] == '.' && pointAt < 0)
            {
                pointAt = i;
            }
            else
            {
                break;
            }
        }

        int count = i - first - (pointAt < 0 ? 0 : 1);
        if (count is < 1 or > 19)
        {
            return false;
        }

        exponent = pointAt < 0 ? 0 : pointAt + 1 - i;
        return i == text.Length || TryReadExponent(text[i..], ref exponent);
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, ref int exponent)
    {
        if ((text[0] | 0x20) != 'e' || text.Length is < 2 or > 6)
        {
            return false;
        }

        bool isNegative = text[1] == '-';
        int number = 0;
        int start = isNegative || text[1] == '+' ? 2 : 1;
        for (int i = start; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit > 9)
            {
                return false;
            }

            number = (number * 10) + (int)digit;
        }

        exponent += isNegative ? -number : number;
        return start < text.Length;
    }
}
