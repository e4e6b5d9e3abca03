using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// The modifiers of SQLite's date functions: '+1 month', 'start of year', 'weekday 0' and the
/// like. All times are UTC, so 'utc' changes nothing and 'localtime' is an error.
/// </summary>
internal static class TimeModifier
{
    /// <summary>Applies one modifier to microseconds since 1970-01-01.</summary>
    public static long Apply(long microseconds, string modifier)
    {
        string text = modifier.Trim().ToLowerInvariant();
        DateTime time = TimeText.Calendar(microseconds);
        switch (text)
        {
            case "start of day":
                return DateTimeText.Microseconds(time.Date);
            case "start of month":
                return DateTimeText.Microseconds(new DateTime(time.Year, time.Month, 1));
            case "start of year":
                return DateTimeText.Microseconds(new DateTime(time.Year, 1, 1));
            case "utc" or "auto" or "subsec" or "subsecond":
                return microseconds;
            case "localtime":
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    "All times are UTC: the modifier 'localtime' is not supported.");
            default:
                break;
        }

        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["weekday", [>= '0' and <= '6'] day])
        {
            int ahead = (day[0] - '0' - (int)time.DayOfWeek + 7) % 7;
            return microseconds + (ahead * DateTimeText.MicrosecondsPerDay);
        }

        return TryShift(time, words, out DateTime shifted)
            ? DateTimeText.Microseconds(shifted)
            : throw Unknown(modifier);
    }

    private static bool TryShift(DateTime time, string[] words, out DateTime shifted)
    {
        shifted = time;
        try
        {
            if (words is [var clock])
            {
                bool isBack = clock.StartsWith('-');
                bool isClock = TimeText.TryParseClock(clock.TrimStart('+', '-'), out TimeSpan by);
                shifted = isClock ? time + (isBack ? -by : by) : time;
                return isClock;
            }

            return words is [var amount, var unit]
                && double.TryParse(
                    amount, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && TryShift(time, number, unit.TrimEnd('s'), out shifted);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw TimeText.OutOfRange();
        }
    }

    private static bool TryShift(DateTime time, double number, string unit, out DateTime shifted)
    {
        double seconds = unit switch
        {
            "day" => 86400,
            "hour" => 3600,
            "minute" => 60,
            "second" => 1,
            _ => 0,
        };
        if (seconds > 0)
        {
            double microseconds = Math.Round(number * seconds * 1e6);
            shifted = Math.Abs(microseconds) < 1e18
                ? time.AddTicks((long)microseconds * TimeSpan.TicksPerMicrosecond)
                : throw TimeText.OutOfRange();
            return true;
        }

        bool isKnown = unit is "month" or "year" && Math.Abs(number) < 1e6;
        shifted = isKnown ? AddMonths(time, (int)number * (unit == "year" ? 12 : 1)) : time;
        return isKnown;
    }

    /// <summary>
    /// The same day of another month; days that the month does not have run into the next one.
    /// </summary>
    private static DateTime AddMonths(DateTime time, int months) =>
        new DateTime(time.Year, time.Month, 1)
            .AddMonths(months)
            .AddDays(time.Day - 1)
            .Add(time.TimeOfDay);

    private static NeuroStoreException Unknown(string modifier) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(modifier)}' is no modifier of a time; known are '+N days', hours, "
        + "minutes, seconds, months and years, 'start of day', 'start of month', "
        + "'start of year', 'weekday N', 'unixepoch' and 'julianday'.");
}
