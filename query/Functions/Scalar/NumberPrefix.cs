using System.Globalization;

namespace NeuroDb.Query;

/// <summary>The number that a text begins with, as SQLite reads one.</summary>
internal static class NumberPrefix
{
    /// <summary>The whole number at the beginning; 0 if there is none.</summary>
    public static long Whole(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimStart();
        int start = Sign(digits, 0);
        int end = Digits(digits, start);
        if (end == start)
        {
            return 0;
        }

        return long.TryParse(
            digits[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out long number) ? number
            : digits[0] == '-' ? long.MinValue
            : long.MaxValue;
    }

    /// <summary>The number at the beginning; 0 if there is none.</summary>
    public static double Double(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimStart();
        int end = Digits(digits, Sign(digits, 0));
        if (end < digits.Length && digits[end] == '.')
        {
            end = Digits(digits, end + 1);
        }

        if (end < digits.Length && digits[end] is 'e' or 'E')
        {
            int start = Sign(digits, end + 1);
            int last = Digits(digits, start);
            end = last > start ? last : end;
        }

        return double.TryParse(
            digits[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : 0;
    }

    private static int Sign(ReadOnlySpan<char> text, int at) =>
        at < text.Length && text[at] is '-' or '+' ? at + 1 : at;

    private static int Digits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at;
    }
}
