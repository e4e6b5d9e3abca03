using System.Globalization;

namespace NeuroDb;

/// <summary>
/// ISO 8601 text of DATE, TIME and TIMESTAMP, years 0001 to 9999, and their calendar.
/// </summary>
internal static class DateTimeText
{
    /// <summary>Microseconds of a day.</summary>
    public const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>The text of a date; days outside the calendar print as a number.</summary>
    public static string FormatDate(long days) =>
        TryDate(days, out DateOnly date)
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : days.ToString(CultureInfo.InvariantCulture);

    /// <summary>The text of a timestamp, with as many digits of the second as needed.</summary>
    public static string FormatTimestamp(long microseconds) =>
        TryDateTime(microseconds, out DateTime time)
            ? time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)
            : microseconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>The text of a time of day, with as many digits of the second as needed.</summary>
    public static string FormatTime(long microseconds) =>
        new TimeOnly(microseconds * TimeSpan.TicksPerMicrosecond)
            .ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);

    /// <summary>The microseconds since midnight of a timestamp or of a span of time.</summary>
    public static long ClockOf(long microseconds)
    {
        long rest = microseconds % MicrosecondsPerDay;
        return rest < 0 ? rest + MicrosecondsPerDay : rest;
    }

    /// <summary>The calendar date of days since 1970-01-01.</summary>
    public static bool TryDate(long days, out DateOnly date)
    {
        long number = days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        bool valid = Math.Abs(days) < 10_000_000
            && number >= 0 && number <= DateOnly.MaxValue.DayNumber;
        date = valid ? DateOnly.FromDayNumber((int)number) : default;
        return valid;
    }

    /// <summary>The calendar time of microseconds since 1970-01-01.</summary>
    public static bool TryDateTime(long microseconds, out DateTime time)
    {
        bool valid = microseconds >= -62_135_596_800_000_000
            && microseconds < 253_402_300_800_000_000;
        time = valid
            ? DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : default;
        return valid;
    }

    /// <summary>The microseconds since 1970-01-01 of a calendar time.</summary>
    public static long Microseconds(DateTime time) =>
        (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
