using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Templates of numbers as in PostgreSQL's to_char and to_number: 9 and 0 for digits, a point or D,
/// commas or G, S, MI, PL, PR, $ or L, FM.
/// </summary>
internal static class NumberTemplate
{
    /// <summary>A number by a template; one that does not fit is shown as #.</summary>
    public static string Format(decimal value, string template)
    {
        string upper = template.ToUpperInvariant();
        bool isFilled = !upper.Contains("FM", StringComparison.Ordinal);
        string body = upper.Replace("FM", string.Empty, StringComparison.Ordinal)
            .Replace('D', '.').Replace('G', ',');
        int point = body.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? body : body[..point];
        int decimals = point < 0
            ? 0
            : body[(point + 1)..].Count(static c => c is '9' or '0');
        decimal rounded = Math.Round(
            Math.Abs(value), Math.Min(decimals, 28), MidpointRounding.AwayFromZero);
        string digits = rounded.ToString(
            "F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        string[] parts = digits.Split('.');
        bool isNegative = value < 0 && rounded != 0;
        int places = whole.Count(static c => c is '9' or '0');
        string integral = parts[0] == "0" && places > 0 && !whole.Contains('0')
            && decimals > 0 ? string.Empty : parts[0];
        string text = integral.Length > places
            ? new string('#', places)
            : Whole(integral, whole, isFilled);
        string fraction = decimals == 0
            ? string.Empty
            : "." + Fraction(parts[1], body, point, isFilled);
        return Sign(text, fraction, body, isNegative, isFilled);
    }

    /// <summary>The number of a text by a template.</summary>
    public static decimal Parse(string text, string template)
    {
        var digits = new StringBuilder();
        bool isNegative = false;
        foreach (char character in text)
        {
            if (char.IsAsciiDigit(character) || character == '.')
            {
                digits.Append(character);
            }
            else if (character is '-' or '<')
            {
                isNegative = true;
            }
        }

        _ = template;
        return decimal.TryParse(
            digits.ToString(), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value)
            ? isNegative ? -value : value
            : throw new NeuroStoreException(
                ErrorCode.InvalidText, $"'{ValueText.Shorten(text)}' holds no number.");
    }

    private static string Whole(string digits, string template, bool isFilled)
    {
        var text = new StringBuilder();
        int left = template.Count(static c => c is '9' or '0');
        bool isBegun = false;
        foreach (char character in template)
        {
            if (character is '9' or '0')
            {
                int at = digits.Length - left;
                isBegun |= at >= 0 || character == '0';
                left--;
                text.Append(at >= 0 ? digits[at] : isBegun ? '0' : ' ');
            }
            else if (character == ',')
            {
                text.Append(isBegun ? ',' : ' ');
            }
            else if (character is '$' or 'L')
            {
                text.Append('$');
            }
        }

        string made = text.ToString();
        return isFilled ? made : made.Replace(" ", string.Empty, StringComparison.Ordinal);
    }

    private static string Fraction(string digits, string body, int point, bool isFilled)
    {
        if (isFilled)
        {
            return digits;
        }

        // Without filling, the zeros at the end that stand for 9 go.
        char[] places = [.. body[(point + 1)..].Where(static c => c is '9' or '0')];
        int length = digits.Length;
        while (length > 0 && digits[length - 1] == '0' && places[length - 1] == '9')
        {
            length--;
        }

        return digits[..length];
    }

    private static string Sign(
        string whole, string fraction, string body, bool isNegative, bool isFilled)
    {
        string text = whole + fraction;
        if (body.Contains("PR", StringComparison.Ordinal))
        {
            return isNegative ? $"<{text.TrimStart()}>" : isFilled ? $" {text} " : text;
        }

        if (body.Contains("MI", StringComparison.Ordinal))
        {
            return text + (isNegative ? "-" : isFilled ? " " : string.Empty);
        }

        if (body.EndsWith('S'))
        {
            return text + (isNegative ? "-" : "+");
        }

        bool isAlways = body.StartsWith('S') || body.Contains("PL", StringComparison.Ordinal);
        string sign = isNegative ? "-" : isAlways ? "+" : isFilled ? " " : string.Empty;
        int blanks = text.Length - text.TrimStart().Length;
        return text[..blanks] + sign + text[blanks..];
    }
}
