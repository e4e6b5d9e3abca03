namespace NeuroDb.Query;

/// <summary>Functions of intervals: their fields, and justify_*, which carry over from one to the
/// next.</summary>
internal static class IntervalFunctions
{
    private const double DaysPerYear = 365.25;
    private const long Second = 1_000_000;

    /// <summary>The names of the arguments of make_interval, in order.</summary>
    public static readonly string[] MakeNames =
        ["years", "months", "weeks", "days", "hours", "mins", "secs"];

    /// <summary>Whether a name is that of make_interval, whose arguments have names.</summary>
    public static bool IsMake(string name) =>
        name.Equals("make_interval", StringComparison.OrdinalIgnoreCase);

    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Justify("justify_hours", static interval => Hours(interval)),
        Justify("justify_days", static interval => Days(interval)),
        Justify("justify_interval", static interval => Both(interval)),
        new("make_interval", 0, MakeNames.Length, static call => call.Make(
            DataType.Interval,
            MakeRows,
            [.. Enumerable.Range(0, call.Count).Select(i => call.Double(i))])),
    ];

    /// <summary>A field of an interval; epoch is all of it in seconds.</summary>
    public static double PartOf(string field, TimeInterval interval) =>
        field.ToLowerInvariant() switch
        {
            "millennium" => interval.Months / 12_000,
            "century" => interval.Months / 1200,
            "decade" => interval.Months / 120,
            "year" => interval.Months / 12,
            "quarter" => (interval.Months % 12 / 3) + 1,
            "month" => interval.Months % 12,
            "week" => interval.Days / 7,
            "day" => interval.Days,
            "hour" => interval.Microseconds / (3600 * Second),
            "minute" => interval.Microseconds / (60 * Second) % 60,
            "second" => interval.Microseconds % (60 * Second) / 1e6,
            "millisecond" or "milliseconds" => interval.Microseconds % (60 * Second) / 1e3,
            "microsecond" or "microseconds" => interval.Microseconds % (60 * Second),
            "epoch" => (interval.Months / 12 * DaysPerYear * 86_400)
                + (((interval.Months % 12 * 30.0) + interval.Days) * 86_400)
                + (interval.Microseconds / 1e6),
            _ => throw TimeFunctions.UnknownField(field),
        };

    /// <summary>An interval without what is shorter than a field.</summary>
    public static TimeInterval Truncate(string field, TimeInterval interval)
    {
        int Whole(int months) => interval.Months / months * months;
        long Clock(long unit) => interval.Microseconds / unit * unit;
        return field.ToLowerInvariant() switch
        {
            "millennium" => new TimeInterval(Whole(12_000), 0, 0),
            "century" => new TimeInterval(Whole(1200), 0, 0),
            "decade" => new TimeInterval(Whole(120), 0, 0),
            "year" => new TimeInterval(Whole(12), 0, 0),
            "quarter" => new TimeInterval(Whole(3), 0, 0),
            "month" => new TimeInterval(interval.Months, 0, 0),
            "day" => interval with { Microseconds = 0 },
            "hour" => interval with { Microseconds = Clock(3600 * Second) },
            "minute" => interval with { Microseconds = Clock(60 * Second) },
            "second" => interval with { Microseconds = Clock(Second) },
            "millisecond" or "milliseconds" => interval with { Microseconds = Clock(1000) },
            "microsecond" or "microseconds" => interval,
            _ => throw TimeFunctions.UnknownField(field),
        };
    }

    private static FunctionDefinition Justify(
        string name, Func<TimeInterval, TimeInterval> justify) =>
        new(name, 1, 1, call => call.Make(
            DataType.Interval,
            RowLoops.Of(justify),
            [call.As(0, DataType.Interval)]));

    private static TimeInterval Hours(TimeInterval interval)
    {
        (long carried, long rest) = Math.DivRem(
            interval.Microseconds, TimeInterval.MicrosecondsPerDay);
        Int128 days = (Int128)interval.Days + carried;
        if (days > 0 && rest < 0)
        {
            (days, rest) = (days - 1, rest + TimeInterval.MicrosecondsPerDay);
        }
        else if (days < 0 && rest > 0)
        {
            (days, rest) = (days + 1, rest - TimeInterval.MicrosecondsPerDay);
        }

        return TimeInterval.Fit(interval.Months, days, rest);
    }

    private static TimeInterval Days(TimeInterval interval)
    {
        Int128 months = (Int128)interval.Months + (interval.Days / TimeInterval.DaysPerMonth);
        int days = interval.Days % TimeInterval.DaysPerMonth;
        if (months > 0 && days < 0)
        {
            (months, days) = (months - 1, days + TimeInterval.DaysPerMonth);
        }
        else if (months < 0 && days > 0)
        {
            (months, days) = (months + 1, days - TimeInterval.DaysPerMonth);
        }

        return TimeInterval.Fit(months, days, interval.Microseconds);
    }

    // All fields have the sign of the whole.
    private static TimeInterval Both(TimeInterval interval)
    {
        Int128 perMonth = (Int128)TimeInterval.DaysPerMonth * TimeInterval.MicrosecondsPerDay;
        Int128 days = interval.Span % perMonth / TimeInterval.MicrosecondsPerDay;
        return TimeInterval.Fit(
            interval.Span / perMonth, days, interval.Span % TimeInterval.MicrosecondsPerDay);
    }

    private static ColumnBuffer MakeRows(ColumnBuffer[] arguments, FunctionRun run)
    {
        byte[]? nulls = ColumnLoops.UnionNulls(run.Count, arguments);
        var result = new TimeInterval[run.Count];
        for (int row = 0; row < result.Length; row++)
        {
            double At(int field) => field < arguments.Length
                ? ((ColumnBuffer<double>)arguments[field]).Values[
                    arguments[field].Count == 1 ? 0 : row]
                : 0;
            if (nulls is null || nulls[row] == 0)
            {
                double clock = (At(4) * 3600) + (At(5) * 60) + At(6);
                if (!(Math.Abs(clock) < 9e12) || !(Math.Abs(At(0)) + Math.Abs(At(1)) < 1e9)
                    || !(Math.Abs(At(2)) + Math.Abs(At(3)) < 1e9))
                {
                    throw new NeuroStoreException(
                        ErrorCode.NumericOutOfRange, "An INTERVAL is longer than all of time.");
                }

                result[row] = TimeInterval.Fit(
                    (Int128)((At(0) * 12) + At(1)),
                    (Int128)((At(2) * 7) + At(3)),
                    (Int128)Math.Round(clock * Second));
            }
        }

        return new ColumnBuffer<TimeInterval>(
            run.Type, result, 0, run.Count, new NullMask(nulls));
    }
}
