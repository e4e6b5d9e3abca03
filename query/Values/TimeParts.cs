using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// What a <see cref="TimeTemplate"/> has read of a text so far, and where. A field that is not
/// there has the first value that it may have.
/// </summary>
internal sealed partial class TimeParts(string text)
{
    private static readonly string[] Romans =
        ["XII", "XI", "IX", "X", "VIII", "VII", "VI", "IV", "V", "III", "II", "I"];

    private static readonly int[] RomanMonths = [12, 11, 9, 10, 8, 7, 6, 4, 5, 3, 2, 1];

    private int _at;
    private int? _year;
    private int _yearDigits;
    private int? _century;
    private int? _month;
    private int? _day;
    private int? _dayOfYear;
    private int? _week;
    private int? _weekOfMonth;
    private int? _weekday;
    private int? _julianDay;
    private bool _isIso;
    private int? _hour;
    private bool _isOfTwelve;
    private bool? _isAfternoon;
    private int? _minute;
    private int? _second;
    private int? _secondOfDay;
    private long _microseconds;
    private int? _offsetHours;
    private int _offsetMinutes;
    private bool _isWest;
    private TimeZoneInfo? _zone;

    /// <summary>Whether all of the text is read.</summary>
    public bool IsAtEnd => _at >= text.Length;

    /// <summary>Goes on by a number of characters.</summary>
    public void Skip(int count) => _at = Math.Min(text.Length, _at + count);

    /// <summary>Goes on to what is no space.</summary>
    public void SkipSpaces()
    {
        while (!IsAtEnd && text[_at] == ' ')
        {
            _at++;
        }
    }

    /// <summary>Goes over a space or sign, if there is one.</summary>
    public void SkipSeparator() =>
        _at += IsAtEnd || char.IsLetterOrDigit(text[_at]) ? 0 : 1;

    /// <summary>Reads a field.</summary>
    /// <param name="item">The field.</param>
    /// <param name="isOpen">Whether a number has all digits that are there.</param>
    public void Read(in TimeTemplateItem item, bool isOpen)
    {
        string field = item.Field!;
        _isIso |= field[0] == 'I';
        if (!TryReadWord(field) && !TryReadYear(field, isOpen))
        {
            ReadNumber(field, isOpen);
        }
    }

    private bool TryReadWord(string field)
    {
        DateTimeFormatInfo names = CultureInfo.InvariantCulture.DateTimeFormat;
        switch (field)
        {
            case "AM" or "PM" or "A.M." or "P.M.":
                _isAfternoon = Among(["A.M.", "P.M.", "AM", "PM"], "AM or PM") % 2 == 1;
                _isOfTwelve = true;
                return true;
            case "AD" or "BC" or "A.D." or "B.C.":
                if (Among(["A.D.", "B.C.", "AD", "BC"], "AD or BC") % 2 == 1)
                {
                    throw Outside();
                }

                return true;
            case "MONTH" or "MON":
                _month = (Among([.. names.MonthNames[..12], .. names.AbbreviatedMonthNames[..12]],
                    "month") % 12) + 1;
                return true;
            case "DAY" or "DY":
                _weekday = Among([.. names.DayNames, .. names.AbbreviatedDayNames],
                    "day of the week") % 7;
                return true;
            case "RM":
                _month = RomanMonths[Among(Romans, "month in Roman numerals")];
                return true;
            case "TZH" or "OF":
                ReadOffset(hasMinutes: field == "OF");
                return true;
            case "TZ":
                ReadZone();
                return true;
            default:
                return false;
        }
    }

    private bool TryReadYear(string field, bool isOpen)
    {
        switch (field)
        {
            case "Y,YYY":
                int thousands = Number(4, isOpen: true);
                Skip(1);
                SetYear((thousands * 1000) + Number(3, isOpen: false), 4);
                return true;
            case "YYYY" or "IYYY":
                SetYear(Number(4, isOpen), 4);
                return true;
            case "YYY" or "IYY" or "YY" or "IY" or "Y" or "I":
                int width = field.TrimStart('I').Length + (field[0] == 'I' ? 1 : 0);
                int start = _at;
                int year = Number(width, isOpen);
                SetYear(_at - start < 4 ? NearYear(year) : year, width);
                return true;
            default:
                return false;
        }
    }

    private void ReadNumber(string field, bool isOpen)
    {
        switch (field)
        {
            case "CC":
                _century = Number(2, isOpen);
                break;
            case "MM":
                _month = Number(2, isOpen);
                break;
            case "DD":
                _day = Number(2, isOpen);
                break;
            case "DDD" or "IDDD":
                _dayOfYear = Number(3, isOpen);
                break;
            case "D":
                _weekday = Number(1, isOpen) - 1;
                break;
            case "ID":
                _weekday = Number(1, isOpen) % 7;
                break;
            case "WW" or "IW":
                _week = Number(2, isOpen);
                break;
            case "W":
                _weekOfMonth = Number(1, isOpen);
                break;
            case "J":
                _julianDay = Number(9, isOpen);
                break;
            case "Q":
                Number(1, isOpen);
                break;
            case "TZM":
                _offsetMinutes = Number(2, isOpen: false);
                break;
            default:
                ReadClock(field, isOpen);
                break;
        }
    }

    private void ReadClock(string field, bool isOpen)
    {
        switch (field)
        {
            case "HH24":
                _hour = Number(2, isOpen);
                break;
            case "HH12" or "HH":
                _hour = Number(2, isOpen);
                _isOfTwelve = true;
                break;
            case "MI":
                _minute = Number(2, isOpen);
                break;
            case "SS":
                _second = Number(2, isOpen);
                break;
            case "SSSS" or "SSSSS":
                _secondOfDay = Number(5, isOpen);
                break;
            case "MS":
                _microseconds += Fraction(3) * 1000;
                break;
            case "US":
                _microseconds += Fraction(6);
                break;
            default:
                int digits = field[^1] - '0';
                _microseconds += Fraction(digits) * (long)Math.Pow(10, 6 - digits);
                break;
        }
    }

    private void SetYear(int year, int digits)
    {
        _year = year;
        _yearDigits = digits;
    }

    // The year nearest to 2020 that ends so.
    private static int NearYear(int year) => year switch
    {
        < 70 => year + 2000,
        < 100 => year + 1900,
        < 520 => year + 2000,
        < 1000 => year + 1000,
        _ => year,
    };

    private void ReadOffset(bool hasMinutes)
    {
        _isWest = !IsAtEnd && text[_at] == '-';
        Skip(!IsAtEnd && text[_at] is '+' or '-' ? 1 : 0);
        _offsetHours = Number(2, isOpen: false);
        if (hasMinutes && !IsAtEnd && text[_at] == ':')
        {
            _at++;
            _offsetMinutes = Number(2, isOpen: false);
        }
    }

    private void ReadZone()
    {
        int start = _at;
        while (!IsAtEnd && (char.IsAsciiLetterOrDigit(text[_at])
            || text[_at] is '+' or '-' or ':' or '/' or '_'))
        {
            _at++;
        }

        _zone = TimeZones.Of(text[start.._at]);
    }

    private int Among(string[] words, string meaning)
    {
        int found = -1;
        for (int i = 0; i < words.Length; i++)
        {
            bool isIt = text.AsSpan(_at).StartsWith(words[i], StringComparison.OrdinalIgnoreCase);
            if (isIt && (found < 0 || words[i].Length > words[found].Length))
            {
                found = i;
            }
        }

        if (found < 0)
        {
            throw Unread(meaning);
        }

        _at += words[found].Length;
        return found;
    }

    private int Number(int width, bool isOpen)
    {
        int start = _at;
        while (!IsAtEnd && (isOpen || _at - start < width) && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }

        return int.TryParse(
            text.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Unread("number");
    }

    private long Fraction(int width)
    {
        int start = _at;
        long number = Number(width, isOpen: false);
        for (int i = _at - start; i < width; i++)
        {
            number *= 10;
        }

        return number;
    }

    private NeuroStoreException Unread(string meaning) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(text)}' has no {meaning} at place {_at + 1}.");
}
