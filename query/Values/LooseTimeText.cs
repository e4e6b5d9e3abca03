using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Dates and times as people write them: months by name, 20240131, H:MM AM, further digits of the
/// second. What reads in two ways, such as 1/8/1999, is none; years of two digits, only beside the
/// name of a month, are those from 1970 to 2069.
/// </summary>
internal static class LooseTimeText
{
    private const int LengthMax = 80;
    private const int FractionDigits = 6;

    private static readonly string[] Months =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ];

    private static readonly string[] Days =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// <summary>The same as ISO 8601, with a blank before the time.</summary>
    public static bool TryIso(ReadOnlySpan<char> text, out string iso)
    {
        iso = string.Empty;
        text = text.Trim();
        if (text.Length is 0 or > LengthMax)
        {
            return false;
        }

        if (text.Equals("epoch", StringComparison.OrdinalIgnoreCase))
        {
            iso = "1970-01-01";
            return true;
        }

        var numbers = new List<string>();
        int month = 0;
        string clock = string.Empty;
        string zone = string.Empty;
        foreach (string word in Words(text))
        {
            bool isClock = word.Contains(':');
            if (isClock && clock.Length == 0)
            {
                int cut = word.AsSpan().IndexOfAny(['+', '-', 'Z', 'z']);
                clock = cut < 0 ? word : word[..cut];
                zone = cut < 0 ? zone : word[cut..];
            }
            else if (word.ToUpperInvariant() is "AM" or "PM" && clock.Length > 0)
            {
                clock = Turn(clock, word);
            }
            else if (IsZone(word) && clock.Length > 0)
            {
                zone = word;
            }
            else if (!IsAny(Days, word) && !word.Equals("AD", StringComparison.OrdinalIgnoreCase)
                && !TryDate(word, numbers, ref month, ref clock))
            {
                return false;
            }
        }

        if (Calendar(numbers, month) is not { } date || TryClock(ref clock) is false
            || Zone(zone) is not { } offset)
        {
            return false;
        }

        iso = clock.Length == 0 ? date : $"{date} {clock}{offset}";
        return true;
    }

    // The T between a date and a time parts them as a blank does.
    private static string[] Words(ReadOnlySpan<char> text)
    {
        var parted = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isMark = text[i] is 'T' or 't' && i > 0 && i + 1 < text.Length
                && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]);
            parted.Append(isMark || text[i] == ',' ? ' ' : text[i]);
        }

        return parted.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool TryDate(
        string word, List<string> numbers, ref int month, ref string clock)
    {
        if (word.Length == 6 && numbers.Count == 3 && clock.Length == 0 && IsNumber(word))
        {
            clock = $"{word[..2]}:{word[2..4]}:{word[4..]}";
            return true;
        }

        if (word.Length == 8 && numbers.Count == 0 && IsNumber(word))
        {
            numbers.AddRange([word[..4], word[4..6], word[6..]]);
            return true;
        }

        foreach (string part in word.Split(['-', '/', '.']))
        {
            if (IsNumber(part))
            {
                numbers.Add(part);
            }
            else if (part.Length >= 3 && month == 0
                && Array.FindIndex(Months, name => name.StartsWith(
                    part, StringComparison.OrdinalIgnoreCase)) is >= 0 and var found)
            {
                month = found + 1;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static string? Calendar(List<string> numbers, int month)
    {
        string? year = null;
        string? day = null;
        string ofYear = month.ToString("00", CultureInfo.InvariantCulture);
        if (month > 0 && numbers.Count == 2)
        {
            int at = numbers.FindIndex(static number => number.Length > 2);
            year = numbers[at < 0 ? 1 : at];
            day = numbers[at < 0 ? 0 : 1 - at];
            year = year.Length == 2 ? (year[0] >= '7' ? "19" : "20") + year : year;
        }
        else if (month == 0 && numbers.Count == 3 && numbers[0].Length == 4)
        {
            (year, ofYear, day) = (numbers[0], numbers[1].PadLeft(2, '0'), numbers[2]);
        }

        return year is { Length: 4 } && ofYear.Length == 2 && day is { Length: 1 or 2 }
            ? $"{year}-{ofYear}-{day.PadLeft(2, '0')}"
            : null;
    }

    private static bool TryClock(ref string clock)
    {
        if (clock.Length == 0)
        {
            return true;
        }

        string[] parts = clock.Split(':');
        string[] seconds = parts.Length == 3 ? parts[2].Split('.') : ["00"];
        if (parts.Length is < 2 or > 3 || seconds.Length > 2
            || !IsNumber(parts[0]) || !IsNumber(parts[1]) || !seconds.All(IsNumber))
        {
            return false;
        }

        string fraction = seconds.Length == 1 ? "" : seconds[1].Length > FractionDigits
            ? "." + seconds[1][..FractionDigits]
            : "." + seconds[1];
        clock = $"{parts[0].PadLeft(2, '0')}:{parts[1].PadLeft(2, '0')}:"
            + $"{seconds[0].PadLeft(2, '0')}{fraction}";
        return true;
    }

    // 12 AM is midnight, 12 PM is noon.
    private static string Turn(string clock, string half)
    {
        int colon = clock.IndexOf(':');
        if (!int.TryParse(clock.AsSpan(0, colon), out int hour) || hour is < 1 or > 12)
        {
            return "none";
        }

        hour = (hour % 12) + (half[0] is 'P' or 'p' ? 12 : 0);
        return hour.ToString("00", CultureInfo.InvariantCulture) + clock[colon..];
    }

    private static bool IsZone(string word) => word[0] is '+' or '-'
        || word.ToUpperInvariant() is "Z" or "UTC" or "GMT" or "ZULU";

    // +2, +02, +0230 and +02:30 as +02:30; null for what is none.
    private static string? Zone(string zone)
    {
        if (zone.Length == 0 || char.IsAsciiLetter(zone[0]))
        {
            return zone.Length == 0 ? zone : "+00:00";
        }

        string digits = zone[1..].Replace(":", "", StringComparison.Ordinal);
        digits = digits.Length is 1 or 3 ? "0" + digits : digits;
        return IsNumber(digits) && digits.Length is 2 or 4
            ? $"{zone[0]}{digits[..2]}:{(digits.Length == 4 ? digits[2..] : "00")}"
            : null;
    }

    private static bool IsAny(string[] names, string word) => word.Length >= 3
        && Array.Exists(
            names, name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private static bool IsNumber(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit);
}
