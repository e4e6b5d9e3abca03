using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// The decimal digits of a number that is not negative, and how they are rounded for printf: half
/// up from a fixed count of significant digits, as SQLite has it, so that 0.15 with one digit is
/// 0.2.
/// </summary>
internal readonly struct RoundedDigits
{
    private readonly string _digits;

    private RoundedDigits(string digits, int exponent)
    {
        _digits = digits;
        Exponent = exponent;
    }

    /// <summary>The power of ten of the first digit.</summary>
    public int Exponent { get; }

    /// <summary>The first significant digits of a finite number; the others are zeros.</summary>
    public static RoundedDigits Of(double size, int count)
    {
        string text = size.ToString(
            string.Create(CultureInfo.InvariantCulture, $"e{count - 1}"),
            CultureInfo.InvariantCulture);
        int at = text.IndexOf('e', StringComparison.Ordinal);
        return new RoundedDigits(
            text[..at].Replace(".", "", StringComparison.Ordinal),
            int.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Rounded to so many digits; to the power above the first one for 0.</summary>
    public RoundedDigits To(int count)
    {
        if (count >= _digits.Length)
        {
            return this;
        }

        bool isUp = count >= 0 && _digits[count] >= '5';
        char[] kept = _digits[..Math.Max(count, 0)].ToCharArray();
        int at = kept.Length - 1;
        for (; isUp && at >= 0; at--)
        {
            isUp = kept[at] == '9';
            kept[at] = isUp ? '0' : (char)(kept[at] + 1);
        }

        return isUp ? new RoundedDigits("1" + new string(kept), Exponent + 1)
            : kept.Length == 0 ? new RoundedDigits("0", 0)
            : new RoundedDigits(new string(kept), Exponent);
    }

    /// <summary>The digits down to a power of ten, with a point behind the ones.</summary>
    /// <param name="precision">How many stand behind the point.</param>
    /// <param name="hasThousands">Whether thousands are set off.</param>
    public string Fixed(int precision, bool hasThousands)
    {
        var text = new StringBuilder();
        for (int power = Math.Max(Exponent, 0); power >= 0; power--)
        {
            text.Append(DigitAt(power));
            if (hasThousands && power > 0 && power % 3 == 0)
            {
                text.Append(',');
            }
        }

        return Fraction(text, -1, precision);
    }

    /// <summary>Digits and an exponent of two digits or more, as in C.</summary>
    public (string Digits, string Exponent) Scientific(int precision)
    {
        string digits = Fraction(
            new StringBuilder().Append(DigitAt(Exponent)), Exponent - 1, precision);
        string sign = Exponent < 0 ? "-" : "+";
        return (digits, string.Create(
            CultureInfo.InvariantCulture, $"e{sign}{Math.Abs(Exponent):00}"));
    }

    private string Fraction(StringBuilder text, int first, int precision)
    {
        text.Append(precision > 0 ? "." : "");
        for (int power = first; power > first - precision; power--)
        {
            text.Append(DigitAt(power));
        }

        return text.ToString();
    }

    private char DigitAt(int power)
    {
        int at = Exponent - power;
        return at >= 0 && at < _digits.Length ? _digits[at] : '0';
    }
}
