using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// The literals INTERVAL '..' unit and INTERVAL '..' unit TO unit: the last unit is that of a
/// number without one, and what is smaller than it is cut off. A single number with one unit
/// keeps its fraction.
/// </summary>
internal static class IntervalLiteral
{
    private static readonly string[] Units =
        ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];

    /// <summary>Whether there are intervals from a unit to another.</summary>
    public static bool IsRange(string first, string last)
    {
        int from = IndexOf(first);
        int to = IndexOf(last);
        return from >= 0 && to > from && (to == 1 || from >= 2);
    }

    /// <summary>The text of the interval; one that is none stays as it is, with its unit.</summary>
    public static string Of(string text, string first, string? last)
    {
        int place = IndexOf(last ?? first);
        string trimmed = text.Trim();
        bool isNumber = trimmed.Length > 0
            && (char.IsAsciiDigit(trimmed[^1]) || trimmed[^1] == '.')
            && !trimmed[(trimmed.LastIndexOf(' ') + 1)..].AsSpan(1).ContainsAny(':', '-');
        if (last is null && isNumber && !trimmed.Contains(' ', StringComparison.Ordinal))
        {
            return $"{trimmed} {first}";
        }

        string whole = isNumber
            ? $"{trimmed} {last ?? first}"
            : IndexOf(first) == 4 && trimmed.Count(static c => c == ':') == 1
                ? OfMinutes(trimmed)
                : trimmed;
        return place >= 0 && TimeIntervalText.TryParse(whole, out TimeInterval interval)
            ? TimeIntervalText.Format(Cut(interval, place))
            : last is null ? $"{text} {first}"
            : text;
    }

    // Of '3:4' MINUTE TO SECOND the first are minutes.
    private static string OfMinutes(string text) =>
        text[0] is '-' or '+' ? $"{text[0]}0:{text[1..]}" : $"0:{text}";

    private static int IndexOf(string unit)
    {
        string name = unit.ToUpper(CultureInfo.InvariantCulture);
        return Array.IndexOf(Units, name.EndsWith('S') ? name[..^1] : name);
    }

    private static TimeInterval Cut(TimeInterval interval, int place)
    {
        long unit = place switch
        {
            3 => 3_600_000_000,
            4 => 60_000_000,
            _ => 1,
        };
        return place switch
        {
            0 => new TimeInterval(interval.Months / 12 * 12, 0, 0),
            1 => new TimeInterval(interval.Months, 0, 0),
            2 => interval with { Microseconds = 0 },
            _ => interval with { Microseconds = interval.Microseconds / unit * unit },
        };
    }
}
