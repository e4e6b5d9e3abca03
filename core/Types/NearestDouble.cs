using System.Globalization;
using System.Numerics;

namespace NeuroDb;

/// <summary>
/// The double that is nearest to a decimal, of two the even one. Unlike the conversion of .NET,
/// which rounds the digits before it divides them, it gives equal decimals of different scales one
/// double and keeps the order of all.
/// </summary>
internal static class NearestDouble
{
    // Powers of ten that are doubles, and those that have 64 bits.
    private const int ExactScaleMax = 22;
    private const int WordScaleMax = 19;
    private const ulong ExactDigitsMax = 1UL << 53;

    // What is kept of a quotient: the 53 bits of a double, one to round by, one for all below.
    private const int KeptBits = 55;
    private static readonly double[] Powers = [.. Enumerable.Range(0, ExactScaleMax + 1).Select(
        static scale => double.Parse($"1e{scale}", CultureInfo.InvariantCulture))];

    private static readonly ulong[] WordPowers = [.. Enumerable.Range(0, WordScaleMax + 1).Select(
        static scale => (ulong)BigInteger.Pow(10, scale))];

    /// <summary>The double.</summary>
    public static double Of(decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        ulong low = ((ulong)(uint)parts[1] << 32) | (uint)parts[0];
        var high = (uint)parts[2];
        int scale = (parts[3] >> 16) & 0xFF;
        double size;
        if (high == 0 && low <= ExactDigitsMax && scale <= ExactScaleMax)
        {
            size = low / Powers[scale];
        }
        else if (scale <= WordScaleMax)
        {
            size = Quotient(new UInt128(high, low), WordPowers[scale]);
        }
        else
        {
            size = Math.Abs(double.Parse(
                number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }

        return parts[3] < 0 ? -size : size;
    }

    // Both numbers are above zero.
    private static double Quotient(UInt128 digits, ulong power)
    {
        int shift = (int)UInt128.LeadingZeroCount(digits);
        (UInt128 quotient, UInt128 rest) = UInt128.DivRem(digits << shift, power);
        int dropped = 128 - (int)UInt128.LeadingZeroCount(quotient) - KeptBits;
        var kept = (long)(quotient >> dropped);
        bool isMore = rest != 0 || (UInt128)(ulong)kept << dropped != quotient;
        return Math.ScaleB((double)(isMore ? kept | 1 : kept), dropped - shift);
    }
}
