using System.Globalization;

namespace NeuroDb.Query;

/// <summary>The time that the parts make.</summary>
internal sealed partial class TimeParts
{
    /// <summary>What a clock shows, in microseconds since 1970-01-01, or an error if there is no
    /// such time.</summary>
    public long ToLocal()
    {
        bool isValid = _minute is null or <= 59 && _second is null or <= 59
            && _secondOfDay is null or < 86_400 && _microseconds < 1_000_000
            && (_isOfTwelve ? _hour is null or (>= 1 and <= 12) : _hour is null or <= 23);
        if (!isValid)
        {
            throw Outside();
        }

        int hour = _isOfTwelve
            ? ((_hour ?? 0) % 12) + (_isAfternoon == true ? 12 : 0)
            : _hour ?? 0;
        long seconds = _secondOfDay
            ?? (hour * 3600L) + ((_minute ?? 0) * 60L) + (_second ?? 0);
        return DateTimeText.Microseconds(Day()) + (seconds * 1_000_000) + _microseconds;
    }

    /// <summary>
    /// The point in time, in microseconds since 1970-01-01 UTC: by the offset or zone of the text,
    /// or by that of the session.
    /// </summary>
    public long ToPoint(TimeZoneInfo session)
    {
        long local = ToLocal();
        if (_offsetHours is not int hours)
        {
            return TimeZones.ToPoint(local, _zone ?? session);
        }

        long offset = ((hours * 60L) + _offsetMinutes) * 60_000_000;
        return local - (_isWest ? -offset : offset);
    }

    private DateTime Day()
    {
        try
        {
            return _julianDay is int day
                ? new DateTime(2000, 1, 1).AddDays(day - 2_451_545)
                : _isIso ? IsoDay() : CalendarDay();
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Outside();
        }
    }

    private int Year()
    {
        if (_century is not int century)
        {
            return _year ?? 1;
        }

        // Of a year of two digits or one, the century says the others.
        return _year is not int year ? ((century - 1) * 100) + 1
            : _yearDigits > 2 ? year
            : year % 100 == 0 ? century * 100
            : ((century - 1) * 100) + (year % 100);
    }

    private DateTime CalendarDay()
    {
        int year = Year();
        if ((_dayOfYear ?? ((_week - 1) * 7) + 1) is int dayOfYear)
        {
            var first = new DateTime(year, 1, 1);
            return dayOfYear >= 1 && dayOfYear <= (DateTime.IsLeapYear(year) ? 366 : 365)
                ? first.AddDays(dayOfYear - 1)
                : throw Outside();
        }

        return new DateTime(
            year, _month ?? 1, _day ?? (((_weekOfMonth ?? 1) - 1) * 7) + 1);
    }

    private DateTime IsoDay()
    {
        int year = Year();
        if (_week is null && _dayOfYear is null)
        {
            return new DateTime(year, _month ?? 1, _day ?? 1);
        }

        DateTime first = ISOWeek.ToDateTime(year, 1, DayOfWeek.Monday);
        if (_dayOfYear is int dayOfYear)
        {
            return dayOfYear is >= 1 and <= 371 ? first.AddDays(dayOfYear - 1) : throw Outside();
        }

        int weekday = ((_weekday ?? 1) + 6) % 7;
        return _week is >= 1 and <= 53
            ? first.AddDays(((_week.Value - 1) * 7) + weekday)
            : throw Outside();
    }

    private NeuroStoreException Outside() => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(text)}' is no time by this template.");
}
