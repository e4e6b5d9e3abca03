using System.Globalization;
using System.Text;

namespace NeuroDb;

/// <summary>
/// The text of intervals: read in PostgreSQL's notations, the SQL standard's year-month and
/// day-time forms and ISO 8601's; written as PostgreSQL writes them.
/// </summary>
internal static class TimeIntervalText
{
    private const decimal Second = 1_000_000;
    private const decimal DaySeconds = 86_400;

    /// <summary>Reads a text.</summary>
    public static bool TryParse(string text, out TimeInterval interval)
    {
        interval = default;
        try
        {
            string trimmed = text.Trim();
            return trimmed.StartsWith('P') || trimmed.StartsWith("-P", StringComparison.Ordinal)
                ? TryParseIso(trimmed, out interval)
                : TryParseWords(trimmed, out interval);
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>Reads a text, or raises an error with the place in the statement.</summary>
    public static TimeInterval Parse(string text, SourcePosition position) =>
        TryParse(text, out TimeInterval interval) ? interval : throw Invalid(text, position);

    /// <summary>The error for a text that is no interval.</summary>
    public static NeuroStoreException Invalid(string text, SourcePosition position) => new(
        ErrorCode.InvalidText,
        $"'{(text.Length <= 40 ? text : $"{text[..37]}...")}' is not an INTERVAL, such as "
        + "'1 year 2 days 03:04:05'.",
        position);

    /// <summary>A count of a unit, such as 1.5 of "day"; false if there is no such unit.</summary>
    public static bool TryUnit(string unit, decimal count, out TimeInterval interval)
    {
        string name = unit.ToLowerInvariant();
        name = name.Length > 2 && name[^1] == 's' ? name[..^1] : name;
        interval = name switch
        {
            "millennium" or "millennia" or "mil" => OfMonths(count * 12_000),
            "century" or "centurie" or "cent" or "c" => OfMonths(count * 1200),
            "decade" or "dec" => OfMonths(count * 120),
            "year" or "yr" or "y" => new TimeInterval((int)decimal.Round(count * 12), 0, 0),
            "quarter" or "qtr" => OfMonths(count * 3),
            "month" or "mon" => OfMonths(count),
            "week" or "w" => OfDays(count * 7),
            "day" or "d" => OfDays(count),
            "hour" or "hr" or "h" => OfSeconds(count * 3600),
            "minute" or "min" or "m" => OfSeconds(count * 60),
            "second" or "sec" or "s" => OfSeconds(count),
            "millisecond" or "msec" or "ms" => OfSeconds(count / 1000),
            "microsecond" or "usec" or "us" => OfSeconds(count / Second),
            _ => new TimeInterval(int.MinValue, int.MinValue, long.MinValue),
        };
        return interval.Microseconds != long.MinValue;
    }

    /// <summary>The text of an interval.</summary>
    public static string Format(TimeInterval interval)
    {
        var text = new StringBuilder();
        bool isAfterNegative = false;
        void Add(long count, string unit)
        {
            if (count != 0)
            {
                string sign = isAfterNegative && count > 0 ? "+" : "";
                string ending = count == 1 ? "" : "s";
                text.Append(text.Length > 0 ? " " : "").Append(
                    CultureInfo.InvariantCulture, $"{sign}{count} {unit}{ending}");
                isAfterNegative = count < 0;
            }
        }

        Add(interval.Months / 12, "year");
        Add(interval.Months % 12, "mon");
        Add(interval.Days, "day");
        if (interval.Microseconds != 0 || text.Length == 0)
        {
            Int128 size = Int128.Abs(interval.Microseconds);
            long seconds = (long)(size / (long)Second);
            long rest = (long)(size % (long)Second);
            string sign = interval.Microseconds < 0 ? "-" : isAfterNegative ? "+" : "";
            text.Append(text.Length > 0 ? " " : "").Append(
                CultureInfo.InvariantCulture,
                $"{sign}{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
            if (rest != 0)
            {
                text.Append('.').Append(
                    rest.ToString("000000", CultureInfo.InvariantCulture).TrimEnd('0'));
            }
        }

        return text.ToString();
    }

    private static bool TryParseWords(string text, out TimeInterval interval)
    {
        interval = default;
        List<string> words = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        bool isAgo = words.Count > 0 && words[^1].Equals("ago", StringComparison.OrdinalIgnoreCase);
        if (isAgo)
        {
            words.RemoveAt(words.Count - 1);
        }

        if (words.Count > 0 && words[0] == "@")
        {
            words.RemoveAt(0);
        }

        if (words.Count == 0)
        {
            return false;
        }

        for (int next = 0; next < words.Count;)
        {
            if (!TryTake(words, ref next, out TimeInterval part))
            {
                return false;
            }

            interval += part;
        }

        interval = isAgo ? -interval : interval;
        return true;
    }

    private static bool TryTake(List<string> words, ref int next, out TimeInterval part)
    {
        string word = words[next++];
        if (word.Contains(':', StringComparison.Ordinal))
        {
            return TryClock(word, out part);
        }

        int letters = word.AsSpan().IndexOfAnyInRange('A', 'z');
        string number = letters < 0 ? word : word[..letters];
        if (letters < 0 && TryYearMonth(word, out part))
        {
            return true;
        }

        part = default;
        if (!decimal.TryParse(
            number, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal count))
        {
            return false;
        }

        if (letters >= 0)
        {
            return TryUnit(word[letters..], count, out part);
        }

        if (next < words.Count && char.IsAsciiLetter(words[next][0]))
        {
            return TryUnit(words[next++], count, out part);
        }

        // A bare number before a clock is days, and at the end seconds.
        bool isDays = next < words.Count && words[next].Contains(':', StringComparison.Ordinal);
        return TryUnit(isDays ? "day" : "second", count, out part) && next >= words.Count - 1;
    }

    private static bool TryYearMonth(string word, out TimeInterval part)
    {
        part = default;
        int dash = word.IndexOf('-', 1);
        if (dash < 0
            || !int.TryParse(
                word.AsSpan(0, dash), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out int years)
            || !int.TryParse(
                word.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out int months))
        {
            return false;
        }

        int sign = word[0] == '-' ? -1 : 1;
        part = new TimeInterval(checked((years * 12) + (sign * months)), 0, 0);
        return true;
    }

    private static bool TryClock(string word, out TimeInterval part)
    {
        part = default;
        bool isNegative = word[0] == '-';
        string[] parts = word[(word[0] is '-' or '+' ? 1 : 0)..].Split(':');
        decimal seconds = 0;
        foreach (string piece in parts)
        {
            if (parts.Length > 3
                || !decimal.TryParse(
                    piece, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out decimal number))
            {
                return false;
            }

            seconds = (seconds * 60) + number;
        }

        seconds *= parts.Length == 2 && !parts[1].Contains('.', StringComparison.Ordinal) ? 60 : 1;
        part = OfSeconds(isNegative ? -seconds : seconds);
        return true;
    }

    // P1Y2M3W4DT5H6M7.5S: M is months before the T and minutes behind it.
    private static bool TryParseIso(string text, out TimeInterval interval)
    {
        interval = default;
        bool isNegative = text[0] == '-';
        bool isClock = false;
        int start = isNegative ? 2 : 1;
        if (start == text.Length)
        {
            return false;
        }

        for (int i = start; i < text.Length; i++)
        {
            char unit = char.ToUpperInvariant(text[i]);
            if (unit == 'T' && !isClock && i == start)
            {
                isClock = true;
                start = i + 1;
                continue;
            }

            if (!char.IsAsciiLetter(unit))
            {
                continue;
            }

            string name = unit == 'M' ? isClock ? "minute" : "month" : unit.ToString();
            if (isClock != name is "minute" or "H" or "S"
                || !decimal.TryParse(
                    text.AsSpan(start, i - start), NumberStyles.Float,
                    CultureInfo.InvariantCulture, out decimal count)
                || !TryUnit(name, count, out TimeInterval part))
            {
                return false;
            }

            interval += part;
            start = i + 1;
        }

        interval = isNegative ? -interval : interval;
        return start == text.Length;
    }

    private static TimeInterval OfMonths(decimal months)
    {
        decimal whole = decimal.Truncate(months);
        TimeInterval rest = OfDays((months - whole) * TimeInterval.DaysPerMonth);
        return rest with { Months = (int)whole };
    }

    private static TimeInterval OfDays(decimal days)
    {
        decimal whole = decimal.Truncate(days);
        return OfSeconds((days - whole) * DaySeconds) with { Days = (int)whole };
    }

    private static TimeInterval OfSeconds(decimal seconds) => new(
        0, 0, (long)decimal.Round(seconds * Second, MidpointRounding.AwayFromZero));
}
