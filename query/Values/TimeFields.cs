using System.Globalization;

namespace NeuroDb.Query;

/// <summary>The fields that a <see cref="TimeTemplate"/> shows: of a clock, or of an interval.
/// </summary>
/// <param name="Year">The year, or the whole years of an interval.</param>
/// <param name="Month">The month, or the months of an interval beyond its years.</param>
/// <param name="Day">The day of the month, or the days of an interval.</param>
/// <param name="Microseconds">Since midnight, or all those of an interval.</param>
/// <param name="Date">The day, or null of an interval.</param>
/// <param name="Zone">What TZ shows; empty where the time has no zone.</param>
/// <param name="Offset">East of UTC.</param>
internal readonly record struct TimeFields(
    int Year, int Month, int Day, long Microseconds, DateTime? Date, string Zone, TimeSpan Offset)
{
    private const long PerSecond = 1_000_000;

    private static readonly string[] Romans =
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

    /// <summary>The fields of a clock that shows a time, in microseconds since 1970-01-01.
    /// </summary>
    public static TimeFields OfClock(long local)
    {
        DateTime time = TimeText.Calendar(local);
        return new TimeFields(
            time.Year,
            time.Month,
            time.Day,
            time.TimeOfDay.Ticks / TimeSpan.TicksPerMicrosecond,
            time.Date,
            "",
            TimeSpan.Zero);
    }

    /// <summary>The fields of a clock in a zone at a point in time.</summary>
    public static TimeFields OfPoint(long point, TimeZoneInfo zone)
    {
        TimeSpan offset = TimeZones.OffsetAt(point, zone);
        return OfClock(TimeZones.ToLocal(point, zone)) with
        {
            Zone = ReferenceEquals(zone, TimeZoneInfo.Utc) ? "UTC" : OffsetText(offset),
            Offset = offset,
        };
    }

    /// <summary>The fields of an interval.</summary>
    public static TimeFields OfInterval(TimeInterval span) => new(
        span.Months / 12, span.Months % 12, span.Days, span.Microseconds, null, "", TimeSpan.Zero);

    /// <summary>A field as text.</summary>
    public string Show(in TimeTemplateItem item)
    {
        string name = item.Field!;
        string? word = Word(name, item.IsFilled);
        if (word is not null)
        {
            return item.Text == name ? word.ToUpperInvariant()
                : char.IsAsciiLetterLower(item.Text[0]) ? word.ToLowerInvariant()
                : word;
        }

        if (name == "Y,YYY")
        {
            return Year.ToString("#,000", CultureInfo.InvariantCulture) is var text && Year < 1000
                ? "0," + text
                : text;
        }

        (long value, int width) = Number(name);
        return value.ToString(
            item.IsFilled ? "D" + width.ToString(CultureInfo.InvariantCulture) : "D",
            CultureInfo.InvariantCulture);
    }

    private static string OffsetText(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(
            offset.Minutes == 0 ? "hh" : @"hh\:mm", CultureInfo.InvariantCulture);

    private string? Word(string name, bool isFilled)
    {
        string Filled(string word, int width) => isFilled ? word.PadRight(width) : word;
        DateTimeFormatInfo names = CultureInfo.InvariantCulture.DateTimeFormat;
        bool isMorning = Hours % 24 < 12;
        return name switch
        {
            "AM" or "PM" => isMorning ? "AM" : "PM",
            "A.M." or "P.M." => isMorning ? "A.M." : "P.M.",
            "AD" or "BC" => "AD",
            "A.D." or "B.C." => "A.D.",
            "MONTH" => Month == 0 ? "" : Filled(names.GetMonthName(Month), 9),
            "MON" => Month == 0 ? "" : names.GetAbbreviatedMonthName(Month),
            "DAY" => Filled(Weekday.ToString(), 9),
            "DY" => names.GetAbbreviatedDayName(Weekday),
            "RM" => Month == 0 ? "" : Filled(Romans[Month - 1], 4),
            "TZ" => Zone,
            "TZH" => (Offset < TimeSpan.Zero ? "-" : "+")
                + Offset.ToString("hh", CultureInfo.InvariantCulture),
            "TZM" => Offset.ToString("mm", CultureInfo.InvariantCulture),
            "OF" => OffsetText(Offset),
            _ => null,
        };
    }

    private DateTime Calendar => Date ?? throw new NeuroStoreException(
        ErrorCode.InvalidText, "An interval has no day of a calendar.");

    private DayOfWeek Weekday => Calendar.DayOfWeek;

    private long Hours => Microseconds / (3600 * PerSecond);

    private (long Value, int Width) Number(string name) => name switch
    {
        "YYYY" => (Year, 4),
        "YYY" => (Year % 1000, 3),
        "YY" => (Year % 100, 2),
        "Y" => (Year % 10, 1),
        "IYYY" => (ISOWeek.GetYear(Calendar), 4),
        "IYY" => (ISOWeek.GetYear(Calendar) % 1000, 3),
        "IY" => (ISOWeek.GetYear(Calendar) % 100, 2),
        "I" => (ISOWeek.GetYear(Calendar) % 10, 1),
        "CC" => (Date is null ? Year / 100 : ((Year - 1) / 100) + 1, 2),
        "Q" => (((Calendar.Month - 1) / 3) + 1, 1),
        "MM" => (Month, 2),
        "WW" => (((Calendar.DayOfYear - 1) / 7) + 1, 2),
        "IW" => (ISOWeek.GetWeekOfYear(Calendar), 2),
        "W" => (((Calendar.Day - 1) / 7) + 1, 1),
        "DDD" => (Calendar.DayOfYear, 3),
        "IDDD" => (((ISOWeek.GetWeekOfYear(Calendar) - 1) * 7) + IsoWeekday, 3),
        "DD" => (Day, 2),
        "D" => ((int)Weekday + 1, 1),
        "ID" => (IsoWeekday, 1),
        "J" => ((long)Math.Floor(
            TimeText.JulianDay(DateTimeText.Microseconds(Calendar)) + 0.5), 1),
        "HH24" => (Hours, 2),
        "HH12" or "HH" => (((Hours + 11) % 12) + 1, 2),
        "MI" => (Microseconds / (60 * PerSecond) % 60, 2),
        "SS" => (Microseconds / PerSecond % 60, 2),
        "SSSS" or "SSSSS" => (Microseconds / PerSecond, 1),
        "MS" => (Microseconds % PerSecond / 1000, 3),
        "US" => (Microseconds % PerSecond, 6),
        _ => Fraction(name[^1] - '0'),
    };

    private int IsoWeekday => Weekday == DayOfWeek.Sunday ? 7 : (int)Weekday;

    private (long Value, int Width) Fraction(int digits)
    {
        long value = Microseconds % PerSecond;
        for (int i = digits; i < 6; i++)
        {
            value /= 10;
        }

        return (value, digits);
    }
}
