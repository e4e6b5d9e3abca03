using System.Globalization;

namespace NeuroDb.Query;

/// <summary>What <see cref="TimeTemplate"/> has read of a time so far.</summary>
internal sealed class TimeParts
{
    private int _year = 1;
    private int _month = 1;
    private int _day = 1;
    private int _dayOfYear;
    private int _hour;
    private int _minute;
    private int _second;
    private long _microseconds;
    private bool? _isAfternoon;

    /// <summary>Reads one field at a place of the text.</summary>
    public void Read(string field, string text, ref int at)
    {
        switch (field.ToUpperInvariant())
        {
            case "YYYY" or "IYYY":
                _year = Number(text, ref at, 4);
                break;
            case "YY":
                int two = Number(text, ref at, 2);
                _year = two < 70 ? 2000 + two : 1900 + two;
                break;
            case "MM":
                _month = Number(text, ref at, 2);
                break;
            case "MONTH" or "MON":
                _month = Month(text, ref at);
                break;
            case "DD":
                _day = Number(text, ref at, 2);
                break;
            case "DDD":
                _dayOfYear = Number(text, ref at, 3);
                break;
            case "HH24" or "HH12" or "HH":
                _hour = Number(text, ref at, 2);
                break;
            case "MI":
                _minute = Number(text, ref at, 2);
                break;
            case "SS":
                _second = Number(text, ref at, 2);
                break;
            case "MS" or "FF3":
                _microseconds = Fraction(text, ref at, 3) * 1000L;
                break;
            case "US" or "FF6":
                _microseconds = Fraction(text, ref at, 6);
                break;
            case "AM" or "PM" or "A.M." or "P.M.":
                _isAfternoon = at < text.Length && char.ToUpperInvariant(text[at]) == 'P';
                at = Math.Min(text.Length, at + field.Length);
                break;
            default:
                while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
                {
                    at++;
                }

                break;
        }
    }

    /// <summary>The time, or an error if there is none.</summary>
    public long ToMicroseconds(string text)
    {
        int hour = _isAfternoon is bool isAfternoon
            ? (_hour % 12) + (isAfternoon ? 12 : 0)
            : _hour;
        bool isValid = _year is >= 1 and <= 9999 && _month is >= 1 and <= 12
            && _day >= 1 && _day <= DateTime.DaysInMonth(_year, _month)
            && hour <= 23 && _minute <= 59 && _second <= 59;
        if (!isValid)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(text)}' is no time by this template.");
        }

        DateTime time = _dayOfYear > 0
            ? new DateTime(_year, 1, 1).AddDays(_dayOfYear - 1)
            : new DateTime(_year, _month, _day);
        return DateTimeText.Microseconds(
            time.AddHours(hour).AddMinutes(_minute).AddSeconds(_second)) + _microseconds;
    }

    private static int Number(string text, ref int at, int width)
    {
        int start = at;
        while (at < text.Length && at - start < width && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return int.TryParse(
            text.AsSpan(start, at - start), CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(text)}' has no number at place {start + 1}.");
    }

    private static long Fraction(string text, ref int at, int width)
    {
        int start = at;
        long number = Number(text, ref at, width);
        for (int i = at - start; i < width; i++)
        {
            number *= 10;
        }

        return number;
    }

    private static int Month(string text, ref int at)
    {
        string[] names = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames;
        for (int i = 0; i < 12; i++)
        {
            foreach (string name in (string[])[names[i], names[i][..3]])
            {
                if (text.AsSpan(at).StartsWith(name, StringComparison.OrdinalIgnoreCase))
                {
                    at += name.Length;
                    return i + 1;
                }
            }
        }

        throw new NeuroStoreException(
            ErrorCode.InvalidText,
            $"'{ValueText.Shorten(text)}' has no month at place {at + 1}.");
    }
}
