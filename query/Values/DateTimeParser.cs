using System.Globalization;

namespace NeuroDb.Query;

/// <summary>Reads ISO 8601 texts of DATE, TIME and TIMESTAMP, years 0001 to 9999.</summary>
internal static class DateTimeParser
{
    private static readonly string[] LocalFormats =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFF",
        "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd",
    ];

    private static readonly string[] ClockFormats =
        ["HH:mm:ss.FFFFFF", "HH:mm", "H:mm:ss.FFFFFF", "H:mm"];

    private static readonly string[] TimestampFormats =
    [
        .. LocalFormats,
        "yyyy-MM-dd HH:mm:ss.FFFFFFzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFzz",
        "yyyy-MM-dd HH:mmzzz", "yyyy-MM-ddTHH:mmzzz", "yyyy-MM-dd HH:mmzz",
        "yyyy-MM-dd HH:mm:ss.FFFFFFzzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFzzz",
        "yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", "yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'",
    ];

    /// <summary>The days since 1970-01-01 of a text such as 2026-11-20.</summary>
    public static bool TryParseDate(ReadOnlySpan<char> text, out long days)
    {
        bool valid = DateOnly.TryParseExact(
            text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out DateOnly date);
        if (!valid && LooseTimeText.TryIso(text, out string iso))
        {
            valid = DateOnly.TryParseExact(
                iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
        }

        days = valid ? date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber : 0;
        return valid;
    }

    /// <summary>The day of a text that is a point in time; what its clock shows is left out.
    /// </summary>
    public static bool TryParseDay(ReadOnlySpan<char> text, out long days)
    {
        ReadOnlySpan<char> trimmed = text.Trim();
        days = 0;
        if (LooseTimeText.TryIso(trimmed, out string iso))
        {
            trimmed = iso;
        }

        return trimmed.Length > 10 && TryParseTimestamp(trimmed, out _)
            && TryParseDate(trimmed[..10], out days);
    }

    /// <summary>
    /// The microseconds since 1970-01-01 of a text such as 2026-11-20 12:30:00.5; a zone is
    /// converted to UTC.
    /// </summary>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out long microseconds)
    {
        bool valid = DateTimeOffset.TryParseExact(
            text.Trim(), TimestampFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        if (!valid && LooseTimeText.TryIso(text, out string iso))
        {
            valid = DateTimeOffset.TryParseExact(
                iso, TimestampFormats, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out time);
        }

        microseconds = valid
            ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond
            : 0;
        return valid;
    }

    /// <summary>The microseconds of the day of a text such as 12:30:00.5.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out long microseconds)
    {
        bool valid = TimeOnly.TryParseExact(
            text.Trim(), ClockFormats, CultureInfo.InvariantCulture, DateTimeStyles.None,
            out TimeOnly time);
        microseconds = time.Ticks / TimeSpan.TicksPerMicrosecond;
        return valid;
    }

    /// <summary>The microseconds since 1970-01-01 of a text that names no zone.</summary>
    public static bool TryParseLocal(ReadOnlySpan<char> text, out long microseconds)
    {
        bool valid = DateTime.TryParseExact(
            text.Trim(), LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None,
            out DateTime time);
        if (!valid && LooseTimeText.TryIso(text, out string iso))
        {
            valid = DateTime.TryParseExact(
                iso, LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
        }

        microseconds = valid ? DateTimeText.Microseconds(time) : 0;
        return valid;
    }
}
