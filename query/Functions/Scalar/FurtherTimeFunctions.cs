namespace NeuroDb.Query;

/// <summary>Functions of times beyond the usual ones: bins, differences, fields by name.</summary>
internal static class FurtherTimeFunctions
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("date_bin", 2, 3, Bin),
        new("time_bucket", 2, 3, Bin),
        new("date_diff", 3, 3, Difference),
        new("datediff", 3, 3, Difference),
        new("date_add", 2, 2, static call => Operator(call, "+")),
        new("date_sub", 2, 2, static call => Operator(call, "-")),
        new("last_day", 1, 1, call => call.Make(
            DataType.Date, RowLoops.Of<long, long>(LastDay), [Time(call, 0)])),
        Field("dayofmonth", "day"),
        Field("dayofweek", "dow"),
        Field("weekday", "dow"),
        Field("isodow", "isodow"),
        Field("dayofyear", "doy"),
        Field("week", "week"),
        Field("weekofyear", "week"),
        Field("quarter", "quarter"),
        Name("dayname", "FMDay"),
        Name("monthname", "FMMonth"),
        new("epoch", 1, 1, static call => Part(call, "epoch")),
        Count("epoch_ms", 1_000),
        Count("epoch_us", MicrosecondsPerSecond),
        Count("to_unixtime", 1),
        OfCount("to_timestamp_seconds", MicrosecondsPerSecond, 1),
        OfCount("from_unixtime", MicrosecondsPerSecond, 1),
        OfCount("to_timestamp_millis", 1_000, 1),
        OfCount("to_timestamp_micros", 1, 1),
        OfCount("to_timestamp_nanos", 1, 1_000),
    ];

    private static Expression Operator(FunctionCall call, string name) =>
        FunctionRegistry.Bind(
            name, [call.Arguments[0], call.As(1, DataType.Interval)], call.Position);

    private static Expression Part(FunctionCall call, string field) => FunctionRegistry.Bind(
        "date_part",
        [ExpressionFactory.Literal(Value.Of(field), call.Position), call.Arguments[0]],
        call.Position);

    private static FunctionDefinition Field(string name, string field) =>
        new(name, 1, 1, call => ExpressionFactory.Cast(
            Part(call, field), DataType.BigInt, call.Position));

    private static FunctionDefinition Name(string name, string template) =>
        new(name, 1, 1, call => FunctionRegistry.Bind(
            "to_char",
            [Time(call, 0), ExpressionFactory.Literal(Value.Of(template), call.Position)],
            call.Position));

    private static FunctionDefinition Count(string name, long perSecond) =>
        new(name, 1, 1, call => call.Make(
            DataType.BigInt,
            RowLoops.Of<long, long>(time =>
                Floor(time, MicrosecondsPerSecond / perSecond)),
            [call.TypeOf(0).Kind == TypeKind.TimestampTz
                ? call.Arguments[0]
                : Time(call, 0)]));

    // Text and times are what they say; a number counts since 1970.
    private static FunctionDefinition OfCount(string name, long times, long parts) =>
        new(name, 1, 1, call => call.TypeOf(0).IsInteger
            ? call.Make(
                DataType.Timestamp,
                RowLoops.Of<long, long>(count => checked(Floor(count, parts) * times)),
                [call.Whole(0)])
            : Coercion.IsNumberLike(call.TypeOf(0))
                ? call.Make(
                    DataType.Timestamp,
                    RowLoops.Of<double, long>(count =>
                        checked((long)Math.Floor(count * times / parts))),
                    [call.Double(0)])
                : Time(call, 0));

    private static Expression Time(FunctionCall call, int ordinal) =>
        call.TypeOf(ordinal).Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz
            or TypeKind.Text or TypeKind.Null
            ? ExpressionFactory.Cast(call.Arguments[ordinal], DataType.Timestamp, call.Position)
            : throw call.Mismatch(ordinal, "a date or a timestamp");

    private static long Floor(long value, long step) =>
        value >= 0 || value % step == 0 ? value / step : (value / step) - 1;

    // date_bin (interval, time [, origin]): where the bin begins that the time lies in.
    private static Expression Bin(FunctionCall call)
    {
        Expression origin = call.Count > 2
            ? Time(call, 2)
            : new ConstantExpression(Value.OfTimestamp(0), DataType.Timestamp, call.Position);
        Expression start = call.Make(
            DataType.Timestamp,
            RowLoops.Of<TimeInterval, long, long, long>(BinOf),
            [call.As(0, DataType.Interval), Time(call, 1), origin]);
        return call.TypeOf(1).Kind == TypeKind.TimestampTz
            ? ExpressionFactory.Cast(start, DataType.TimestampTz, call.Position)
            : start;
    }

    private static long BinOf(TimeInterval width, long time, long origin)
    {
        long step = checked(
            (width.Days * DateTimeText.MicrosecondsPerDay) + width.Microseconds);
        if (width.Months > 0 && step == 0)
        {
            DateTime first = Point(origin);
            DateTime point = Point(time);
            long months = ((point.Year - first.Year) * 12L) + point.Month - first.Month;
            if (first.AddMonths((int)months) > point)
            {
                months--;
            }

            DateTime start = first.AddMonths(
                (int)(Floor(months, width.Months) * width.Months));
            return (start - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        }

        return step > 0 && width.Months == 0
            ? origin + (Floor(time - origin, step) * step)
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                "The width of bins is longer than nothing, and has months or days and hours.");
    }

    private static DateTime Point(long time) =>
        DateTime.UnixEpoch.AddTicks(checked(time * TimeSpan.TicksPerMicrosecond));

    private static long LastDay(long time)
    {
        DateTime point = Point(time);
        var last = new DateTime(
            point.Year, point.Month, DateTime.DaysInMonth(point.Year, point.Month));
        return (last - new DateTime(1970, 1, 1)).Days;
    }

    // date_diff (part, a, b): how many beginnings of the part lie between.
    private static Expression Difference(FunctionCall call)
    {
        bool isName = call.Arguments[0] is ColumnExpression;
        return isName
            ? throw call.Mismatch(0, "a part of a time as text, such as 'day',")
            : call.Make(
                DataType.BigInt,
                RowLoops.Of<string, long, long, long>(Beginnings),
                [call.Text(0), Time(call, 1), Time(call, 2)]);
    }

    private static long Beginnings(string part, long from, long to)
    {
        string unit = part.ToLowerInvariant().TrimEnd('s');
        return unit switch
        {
            "year" or "yyyy" or "yy" => Point(to).Year - Point(from).Year,
            "decade" => (Point(to).Year / 10) - (Point(from).Year / 10),
            "century" or "centurie" => (Point(to).Year / 100) - (Point(from).Year / 100),
            "quarter" => Months(to) / 3 - (Months(from) / 3),
            "month" or "mon" => Months(to) - Months(from),
            "week" => Weeks(to) - Weeks(from),
            "day" or "dd" => Units(from, to, DateTimeText.MicrosecondsPerDay),
            "hour" or "hh" => Units(from, to, 3_600 * MicrosecondsPerSecond),
            "minute" or "mi" => Units(from, to, 60 * MicrosecondsPerSecond),
            "second" => Units(from, to, MicrosecondsPerSecond),
            "millisecond" or "m" => Units(from, to, 1_000),
            "microsecond" or "u" => to - from,
            _ => throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{part}' is no part of a time; there are year, quarter, month, week, day, "
                + "hour, minute, second, millisecond and microsecond."),
        };
    }

    private static long Units(long from, long to, long unit) =>
        Floor(to, unit) - Floor(from, unit);

    private static long Months(long time) => (Point(time).Year * 12L) + Point(time).Month - 1;

    // 1970-01-01 was a Thursday; weeks begin on Monday.
    private static long Weeks(long time) =>
        Floor(Floor(time, DateTimeText.MicrosecondsPerDay) + 3, 7);
}
