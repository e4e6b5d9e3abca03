namespace NeuroDb;

/// <summary>
/// A value of the SQL type INTERVAL: months, days and microseconds, which do not convert into one
/// another, since months and days have no fixed length. Two intervals compare by their span, in
/// which a month has 30 days and a day 24 hours; so '1 month' equals '30 days'.
/// </summary>
/// <param name="Months">Months; 12 of them a year.</param>
/// <param name="Days">Days; 7 of them a week.</param>
/// <param name="Microseconds">What is shorter than a day.</param>
public readonly record struct TimeInterval(int Months, int Days, long Microseconds)
    : IComparable<TimeInterval>
{
    /// <summary>The days of a month where intervals are compared or split.</summary>
    internal const int DaysPerMonth = 30;

    /// <summary>The microseconds of a day where intervals are compared or split.</summary>
    internal const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>The microseconds where a month has 30 days and a day 24 hours.</summary>
    internal Int128 Span =>
        ((((Int128)Months * DaysPerMonth) + Days) * MicrosecondsPerDay) + Microseconds;

    /// <summary>An interval of days and what is shorter.</summary>
    public static TimeInterval FromTimeSpan(TimeSpan span) => new(
        0,
        (int)(span.Ticks / TimeSpan.TicksPerDay),
        span.Ticks % TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond);

    /// <summary>The length of an interval without months; a day has 24 hours.</summary>
    /// <exception cref="InvalidCastException">It has months, of no fixed length.</exception>
    public TimeSpan ToTimeSpan() => Months != 0
        ? throw new InvalidCastException(
            $"The interval {this} has months, which are no fixed span of time.")
        : new TimeSpan(checked(
            (Days * TimeSpan.TicksPerDay) + (Microseconds * TimeSpan.TicksPerMicrosecond)));

    /// <summary>Reads text such as '1 year -2 months 3 days 04:05:06.7' or 'P1Y2M3DT4H'.</summary>
    /// <exception cref="NeuroStoreException">The text is no interval.</exception>
    public static TimeInterval Parse(string text) =>
        TimeIntervalText.TryParse(text, out TimeInterval interval)
            ? interval
            : throw TimeIntervalText.Invalid(text, default);

    /// <summary>Both intervals together.</summary>
    public static TimeInterval operator +(TimeInterval left, TimeInterval right) => Fit(
        (Int128)left.Months + right.Months,
        (Int128)left.Days + right.Days,
        (Int128)left.Microseconds + right.Microseconds);

    /// <summary>The first without the second.</summary>
    public static TimeInterval operator -(TimeInterval left, TimeInterval right) => Fit(
        (Int128)left.Months - right.Months,
        (Int128)left.Days - right.Days,
        (Int128)left.Microseconds - right.Microseconds);

    /// <summary>The interval backward.</summary>
    public static TimeInterval operator -(TimeInterval interval) =>
        default(TimeInterval) - interval;

    /// <summary>An interval that many times.</summary>
    public static TimeInterval operator *(TimeInterval interval, long factor) => Fit(
        (Int128)interval.Months * factor,
        (Int128)interval.Days * factor,
        (Int128)interval.Microseconds * factor);

    /// <summary>
    /// An interval that many times: what is left of a month goes into days, what is left of a day
    /// into microseconds.
    /// </summary>
    public static TimeInterval operator *(TimeInterval interval, double factor) => OfParts(
        interval.Months * factor, interval.Days * factor, interval.Microseconds * factor);

    /// <summary>A part of an interval; what is left goes into the next smaller field.</summary>
    public static TimeInterval operator /(TimeInterval interval, double divisor) => OfParts(
        interval.Months / divisor, interval.Days / divisor, interval.Microseconds / divisor);

    // As PostgreSQL: what is left of months is rounded to a millionth of a day, since a product
    // such as 0.1 * 30 is off by its last digit, which would cost a day.
    private static TimeInterval OfParts(double months, double days, double microseconds)
    {
        double wholeMonths = Math.Truncate(months);
        double wholeDays = Math.Truncate(days);
        double rest = Math.Round((months - wholeMonths) * DaysPerMonth * 1e6) / 1e6;
        double wholeRest = Math.Truncate(rest);
        double part = Math.Round((rest - wholeRest + days - wholeDays) * MicrosecondsPerDay);
        double carried = Math.Truncate(part / MicrosecondsPerDay);
        double allDays = wholeDays + wholeRest + carried;
        double clock = Math.Round(microseconds + part - (carried * MicrosecondsPerDay));
        return Math.Abs(wholeMonths) < 1e10 && Math.Abs(allDays) < 1e10 && Math.Abs(clock) < 9e18
            ? Fit((long)wholeMonths, (long)allDays, (long)clock)
            : throw TooLong();
    }

    /// <summary>Whether the first is shorter.</summary>
    public static bool operator <(TimeInterval left, TimeInterval right) => left.Span < right.Span;

    /// <summary>Whether the first is longer.</summary>
    public static bool operator >(TimeInterval left, TimeInterval right) => left.Span > right.Span;

    /// <summary>Whether the first is not longer.</summary>
    public static bool operator <=(TimeInterval left, TimeInterval right) =>
        left.Span <= right.Span;

    /// <summary>Whether the first is not shorter.</summary>
    public static bool operator >=(TimeInterval left, TimeInterval right) =>
        left.Span >= right.Span;

    /// <summary>Whether both have the same span.</summary>
    public bool Equals(TimeInterval other) => Span == other.Span;

    /// <inheritdoc/>
    public override int GetHashCode() => Span.GetHashCode();

    /// <summary>Compares by span.</summary>
    public int CompareTo(TimeInterval other) => Span.CompareTo(other.Span);

    /// <summary>The text that reads back as the same interval, as PostgreSQL writes it.</summary>
    public override string ToString() => TimeIntervalText.Format(this);

    /// <summary>
    /// The point in time, in microseconds since 1970-01-01, that far behind another.
    /// </summary>
    internal long AddTo(long timestamp)
    {
        try
        {
            var time = DateTime.UnixEpoch.AddTicks(
                checked(timestamp * TimeSpan.TicksPerMicrosecond));
            time = time.AddMonths(Months).AddDays(Days)
                .AddTicks(checked(Microseconds * TimeSpan.TicksPerMicrosecond));
            return (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                "A point in time lies outside the years 0001 to 9999.");
        }
    }

    /// <summary>An interval of fields of any size, or an error if they do not fit.</summary>
    internal static TimeInterval Fit(Int128 months, Int128 days, Int128 microseconds) =>
        months >= int.MinValue && months <= int.MaxValue
        && days >= int.MinValue && days <= int.MaxValue
        && microseconds >= long.MinValue && microseconds <= long.MaxValue
            ? new TimeInterval((int)months, (int)days, (long)microseconds)
            : throw TooLong();

    private static NeuroStoreException TooLong() => new(
        ErrorCode.NumericOutOfRange, "An INTERVAL is longer than all of time.");
}
