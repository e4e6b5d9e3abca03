using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// A span of time in months, days and microseconds, which do not convert: a month has no fixed
/// number of days, and in PostgreSQL a day none of hours.
/// </summary>
/// <param name="Months">Months; 12 of them a year.</param>
/// <param name="Days">Days; 7 of them a week.</param>
/// <param name="Microseconds">What is shorter than a day.</param>
internal readonly record struct TimeInterval(int Months, int Days, long Microseconds)
{
    private const long Second = 1_000_000;

    /// <summary>Reads text such as '1 year -2 months 3 days 04:05:06.7'.</summary>
    public static TimeInterval Parse(string text, SourcePosition position)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var sum = new TimeInterval(0, 0, 0);
        int next = 0;
        while (next < words.Length)
        {
            string word = words[next++];
            if (word.Contains(':', StringComparison.Ordinal))
            {
                sum += new TimeInterval(0, 0, Clock(word, text, position));
                continue;
            }

            int digits = word.Length;
            while (digits > 0 && char.IsAsciiLetter(word[digits - 1]))
            {
                digits--;
            }

            string unit = digits < word.Length ? word[digits..]
                : next < words.Length ? words[next++]
                : throw Invalid(text, position);
            if (!decimal.TryParse(
                word.AsSpan(0, digits), NumberStyles.Float, CultureInfo.InvariantCulture,
                out decimal count))
            {
                throw Invalid(text, position);
            }

            sum += Of(count, unit.ToLowerInvariant(), text, position);
        }

        return words.Length == 0 ? throw Invalid(text, position) : sum;
    }

    /// <summary>The point in time that lies this far behind another.</summary>
    public long AddTo(long timestamp)
    {
        var time = DateTimeOffset.UnixEpoch.UtcDateTime
            .AddTicks(timestamp * TimeSpan.TicksPerMicrosecond);
        try
        {
            time = time.AddMonths(Months).AddDays(Days).AddTicks(Microseconds * 10);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                "A point in time lies outside the years 0001 to 9999.");
        }

        return (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>Both spans together.</summary>
    public static TimeInterval operator +(TimeInterval left, TimeInterval right) => Fit(
        (Int128)left.Months + right.Months,
        (Int128)left.Days + right.Days,
        (Int128)left.Microseconds + right.Microseconds);

    /// <summary>A span that many times.</summary>
    public static TimeInterval operator *(TimeInterval interval, long factor) => Fit(
        (Int128)interval.Months * factor,
        (Int128)interval.Days * factor,
        (Int128)interval.Microseconds * factor);

    /// <summary>The text that reads back as the same span.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        void Add(long count, string unit)
        {
            if (count != 0)
            {
                parts.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} {unit}{(count is 1 or -1 ? "" : "s")}"));
            }
        }

        Add(Months / 12, "year");
        Add(Months % 12, "month");
        Add(Days, "day");
        if (Microseconds != 0 || parts.Count == 0)
        {
            var time = TimeSpan.FromMicroseconds(Math.Abs(Microseconds));
            string sign = Microseconds < 0 ? "-" : "";
            string fraction = time.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : $"{time:\\.ffffff}";
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{sign}{(long)time.TotalHours:00}:{time:mm\\:ss}{fraction}"));
        }

        return string.Join(' ', parts);
    }

    private static TimeInterval Fit(Int128 months, Int128 days, Int128 microseconds) =>
        months == (int)months && days == (int)days && microseconds == (long)microseconds
            ? new TimeInterval((int)months, (int)days, (long)microseconds)
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "An INTERVAL is longer than all of time.");

    private static long Clock(string word, string text, SourcePosition position)
    {
        bool isNegative = word[0] == '-';
        string[] parts = word.TrimStart('-', '+').Split(':');
        decimal seconds = 0;
        foreach (string part in parts)
        {
            if (parts.Length > 3
                || !decimal.TryParse(
                    part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out decimal number))
            {
                throw Invalid(text, position);
            }

            seconds = (seconds * 60) + number;
        }

        seconds *= parts.Length == 2 ? 60 : 1;
        return (long)(seconds * (isNegative ? -Second : Second));
    }

    private static TimeInterval Of(
        decimal count, string unit, string text, SourcePosition position)
    {
        string name = unit.Length > 1 && unit[^1] == 's' && unit != "s" ? unit[..^1] : unit;
        try
        {
            return name switch
            {
                "year" or "yr" or "y" => new TimeInterval((int)(count * 12), 0, 0),
                "month" or "mon" => new TimeInterval((int)count, 0, 0),
                "week" or "w" => new TimeInterval(0, (int)(count * 7), 0),
                "day" or "d" => new TimeInterval(
                    0, (int)count, (long)((count - Math.Truncate(count)) * 86_400 * Second)),
                "hour" or "hr" or "h" => new TimeInterval(0, 0, (long)(count * 3600 * Second)),
                "minute" or "min" or "m" => new TimeInterval(0, 0, (long)(count * 60 * Second)),
                "second" or "sec" or "s" => new TimeInterval(0, 0, (long)(count * Second)),
                "millisecond" or "ms" => new TimeInterval(0, 0, (long)(count * 1000)),
                "microsecond" or "us" => new TimeInterval(0, 0, (long)count),
                _ => throw Invalid(text, position),
            };
        }
        catch (OverflowException)
        {
            throw Invalid(text, position);
        }
    }

    private static NeuroStoreException Invalid(string text, SourcePosition position) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(text)}' is not an INTERVAL, such as '1 year 2 days 03:04:05'.",
        position);
}
