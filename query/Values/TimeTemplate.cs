using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Templates of times as in PostgreSQL's to_char: YYYY, MM, DD, HH24, MI, SS and the like; text in
/// double quotes and other characters stand for themselves.
/// </summary>
internal static class TimeTemplate
{
    private static readonly string[] Fields =
    [
        "YYYY", "YYY", "Y,YYY", "YY", "Y", "IYYY", "Q", "MONTH", "Month", "month", "MON", "Mon",
        "mon", "MM", "RM", "WW", "IW", "W", "DDD", "DD", "DAY", "Day", "day", "DY", "Dy", "dy",
        "D", "ID", "J", "HH24", "HH12", "HH", "MI", "SSSS", "SS", "MS", "US", "FF6", "FF3", "AM",
        "PM", "am", "pm", "A.M.", "P.M.", "CC", "TZ",
    ];

    /// <summary>A time by a template.</summary>
    public static string Format(long microseconds, string template)
    {
        DateTime time = TimeText.Calendar(microseconds);
        var text = new StringBuilder();
        int at = 0;
        while (at < template.Length)
        {
            if (TryLiteral(template, ref at, text))
            {
                continue;
            }

            bool isFilled = !template.AsSpan(at).StartsWith("FM");
            at += isFilled ? 0 : 2;
            string? field = FieldAt(template, at);
            if (field is null)
            {
                if (at < template.Length)
                {
                    text.Append(template[at++]);
                }

                continue;
            }

            at += field.Length;
            string value = Show(time, field, isFilled);
            text.Append(value);
            if (template.AsSpan(at).StartsWith("TH", StringComparison.OrdinalIgnoreCase)
                && value.Length > 0 && char.IsAsciiDigit(value[^1]))
            {
                text.Append(OrdinalOf(value, template[at] == 'T'));
                at += 2;
            }
        }

        return text.ToString();
    }

    /// <summary>The time of a text by a template, in microseconds since 1970-01-01.</summary>
    public static long Parse(string text, string template)
    {
        CheckFields(template);
        var parts = new TimeParts();
        int at = 0;
        int read = 0;
        var literal = new StringBuilder();
        while (at < template.Length && read < text.Length)
        {
            literal.Clear();
            if (TryLiteral(template, ref at, literal))
            {
                read = Math.Min(text.Length, read + literal.Length);
                continue;
            }

            at += template.AsSpan(at).StartsWith("FM") ? 2 : 0;
            string? field = FieldAt(template, at);
            if (field is null)
            {
                at++;
                read += char.IsAsciiLetterOrDigit(text[read]) ? 0 : 1;
                continue;
            }

            at += field.Length;
            while (read < text.Length && text[read] == ' ')
            {
                read++;
            }

            parts.Read(field, text, ref read);
        }

        return parts.ToMicroseconds(text);
    }

    // '%Y' would be read as a character and the last digit of a year: a wrong date, not an error.
    private static void CheckFields(string template)
    {
        int sign = template.IndexOf('%');
        if (sign >= 0 && sign + 1 < template.Length && char.IsAsciiLetter(template[sign + 1]))
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"The template '{template}' is written as for strftime; write fields as in "
                + "'YYYY-MM-DD HH24:MI:SS'.");
        }
    }

    /// <summary>The span between two times in years, months, days and hours.</summary>
    public static TimeInterval Age(DateTime later, DateTime earlier)
    {
        bool isNegative = later < earlier;
        (DateTime high, DateTime low) = isNegative ? (earlier, later) : (later, earlier);
        int months = ((high.Year - low.Year) * 12) + high.Month - low.Month;
        int days = high.Day - low.Day;
        TimeSpan clock = high.TimeOfDay - low.TimeOfDay;
        if (clock < TimeSpan.Zero)
        {
            clock += TimeSpan.FromDays(1);
            days--;
        }

        if (days < 0)
        {
            // A month that is not whole has the days of the earlier time's month.
            days += DateTime.DaysInMonth(low.Year, low.Month);
            months--;
        }

        int sign = isNegative ? -1 : 1;
        return new TimeInterval(months, days, clock.Ticks / TimeSpan.TicksPerMicrosecond)
            * (long)sign;
    }

    private static string? FieldAt(string template, int at)
    {
        string? found = null;
        foreach (string field in Fields)
        {
            bool isIt = template.AsSpan(at).StartsWith(field)
                || (char.IsAsciiLetterUpper(field[^1]) && field.All(IsPlain)
                    && !IsWord(field)
                    && template.AsSpan(at).StartsWith(field, StringComparison.OrdinalIgnoreCase));
            if (isIt && (found is null || field.Length > found.Length))
            {
                found = field;
            }
        }

        return found;
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character);

    // Words whose case says how they are written.
    private static bool IsWord(string field) =>
        field is "MONTH" or "MON" or "DAY" or "DY" or "AM" or "PM";

    private static bool TryLiteral(string template, ref int at, StringBuilder text)
    {
        if (template[at] != '"')
        {
            return false;
        }

        int end = template.IndexOf('"', at + 1);
        end = end < 0 ? template.Length : end;
        text.Append(template, at + 1, end - at - 1);
        at = Math.Min(end + 1, template.Length);
        return true;
    }

    private static string Show(DateTime time, string field, bool isFilled)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string Number(long value, int width) =>
            value.ToString(isFilled ? "D" + width.ToString(culture) : "D", culture);
        string Word(string value, int width) => isFilled ? value.PadRight(width) : value;
        string month = culture.DateTimeFormat.GetMonthName(time.Month);
        string day = time.DayOfWeek.ToString();
        return field switch
        {
            "YYYY" => Number(time.Year, 4),
            "Y,YYY" => time.Year.ToString("#,000", culture),
            "YYY" => Number(time.Year % 1000, 3),
            "YY" => Number(time.Year % 100, 2),
            "Y" => Number(time.Year % 10, 1),
            "IYYY" => Number(ISOWeek.GetYear(time), 4),
            "Q" => Number(((time.Month - 1) / 3) + 1, 1),
            "MONTH" => Word(month.ToUpperInvariant(), 9),
            "Month" => Word(month, 9),
            "month" => Word(month.ToLowerInvariant(), 9),
            "MON" => month[..3].ToUpperInvariant(),
            "Mon" => month[..3],
            "mon" => month[..3].ToLowerInvariant(),
            "MM" => Number(time.Month, 2),
            "RM" => Word(Roman(time.Month), 4),
            "WW" => Number(((time.DayOfYear - 1) / 7) + 1, 2),
            "IW" => Number(ISOWeek.GetWeekOfYear(time), 2),
            "W" => Number(((time.Day - 1) / 7) + 1, 1),
            "DDD" => Number(time.DayOfYear, 3),
            "DD" => Number(time.Day, 2),
            "DAY" => Word(day.ToUpperInvariant(), 9),
            "Day" => Word(day, 9),
            "day" => Word(day.ToLowerInvariant(), 9),
            "DY" => day[..3].ToUpperInvariant(),
            "Dy" => day[..3],
            "dy" => day[..3].ToLowerInvariant(),
            "D" => Number((int)time.DayOfWeek + 1, 1),
            "ID" => Number(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, 1),
            "J" => Number((long)Math.Floor(TimeText.JulianDay(
                DateTimeText.Microseconds(time.Date)) + 0.5), 1),
            "HH24" => Number(time.Hour, 2),
            "HH12" or "HH" => Number(((time.Hour + 11) % 12) + 1, 2),
            "MI" => Number(time.Minute, 2),
            "SS" => Number(time.Second, 2),
            "SSSS" => Number((long)time.TimeOfDay.TotalSeconds, 1),
            "MS" or "FF3" => Number(time.Millisecond, 3),
            "US" or "FF6" => Number(time.Ticks % TimeSpan.TicksPerSecond / 10, 6),
            "AM" or "PM" => time.Hour < 12 ? "AM" : "PM",
            "am" or "pm" => time.Hour < 12 ? "am" : "pm",
            "A.M." or "P.M." => time.Hour < 12 ? "A.M." : "P.M.",
            "CC" => Number(((time.Year - 1) / 100) + 1, 2),
            _ => "UTC",
        };
    }

    private static string Roman(int month) =>
        (string[])["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"] is var
            all
            ? all[month - 1]
            : string.Empty;

    private static string OrdinalOf(string number, bool isUpper)
    {
        bool isTeen = number.Length > 1 && number[^2] == '1';
        string suffix = (isTeen ? '0' : number[^1]) switch
        {
            '1' => "st",
            '2' => "nd",
            '3' => "rd",
            _ => "th",
        };
        return isUpper ? suffix.ToUpperInvariant() : suffix;
    }
}
