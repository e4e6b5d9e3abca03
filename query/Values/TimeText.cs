using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Reads the time values that date functions take beside DATE and TIMESTAMP: 'now', a date with or
/// without a time, a time alone (of 2000-01-01), or a Julian day number.
/// </summary>
internal static class TimeText
{
    private const double UnixEpochJulianDay = 2440587.5;
    private const double JulianDayMin = 1721425.5;
    private const double JulianDayMax = 5373484.5;

    private static readonly string[] ClockFormats =
    [
        @"h\:m", @"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFF",
    ];

    /// <summary>The microseconds since 1970-01-01 of a text.</summary>
    public static long Parse(string text, long nowMicroseconds)
    {
        ReadOnlySpan<char> span = text.AsSpan().Trim();
        if (span.Equals("now", StringComparison.OrdinalIgnoreCase))
        {
            return nowMicroseconds;
        }

        if (DateTimeParser.TryParseTimestamp(span, out long microseconds))
        {
            return microseconds;
        }

        if (TryParseClock(span, out TimeSpan clock))
        {
            return DateTimeText.Microseconds(new DateTime(2000, 1, 1) + clock);
        }

        return double.TryParse(
            span, NumberStyles.Float, CultureInfo.InvariantCulture, out double julianDay)
            ? OfJulianDay(julianDay)
            : throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(text)}' is no time; expected is text like "
                + "2026-11-20 12:30:00, 12:30, now, or a Julian day number.");
    }

    /// <summary>The microseconds since 1970-01-01 of a Julian day, to the millisecond.</summary>
    public static long OfJulianDay(double julianDay) =>
        julianDay >= JulianDayMin && julianDay < JulianDayMax
            ? (long)Math.Round((julianDay - UnixEpochJulianDay) * 86_400_000) * 1000
            : throw OutOfRange();

    /// <summary>The Julian day of microseconds since 1970-01-01.</summary>
    public static double JulianDay(long microseconds) =>
        UnixEpochJulianDay + (microseconds / (double)DateTimeText.MicrosecondsPerDay);

    /// <summary>The microseconds of seconds since 1970-01-01.</summary>
    public static long OfUnixSeconds(double seconds) =>
        Math.Abs(seconds) < 1e12 ? (long)Math.Round(seconds * 1e6) : throw OutOfRange();

    /// <summary>A clock time such as 12:30 or 12:30:00.5.</summary>
    public static bool TryParseClock(ReadOnlySpan<char> text, out TimeSpan clock) =>
        TimeSpan.TryParseExact(
            text, ClockFormats, CultureInfo.InvariantCulture, out clock);

    /// <summary>The error for times outside the calendar.</summary>
    public static NeuroStoreException OutOfRange() => new(
        ErrorCode.NumericOutOfRange, "The time is outside the years 0001 to 9999.");

    /// <summary>The calendar time of microseconds, or an error outside the calendar.</summary>
    public static DateTime Calendar(long microseconds) =>
        DateTimeText.TryDateTime(microseconds, out DateTime time) ? time : throw OutOfRange();
}
