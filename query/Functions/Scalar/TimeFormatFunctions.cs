namespace NeuroDb.Query;

/// <summary>
/// to_char, to_date, to_timestamp and to_number by PostgreSQL's templates, AT TIME ZONE, age and
/// make_timestamp.
/// </summary>
internal static class TimeFormatFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("to_char", 2, 2, ToChar),
        new("to_date", 1, 2, ToDate),
        new("to_timestamp", 1, 2, call => call.Count == 2
            ? call.Make(
                DataType.TimestampTz,
                static (arguments, run) => RowLoops.Of<string, string, long>((text, template) =>
                    TimeTemplate.Of(template).Parse(text).ToPoint(run.Context.TimeZone))(
                        arguments, run),
                [call.Text(0), call.Text(1)],
                FunctionVolatility.Stable)
            : IsTime(call.Arguments[0])
                ? ExpressionFactory.Cast(
                    call.Arguments[0], DataType.TimestampTz, call.Position)
                : call.Make(
                    DataType.TimestampTz,
                    RowLoops.Of<double, long>(TimeText.OfUnixSeconds),
                    [call.Double(0)])),
        new("to_number", 2, 2, call => call.Make(
            DataType.Decimal,
            RowLoops.Of<string, string, decimal>(NumberTemplate.Parse),
            [call.Text(0), call.Text(1)])),
        new("timezone", 2, 2, Zone),
        new("age", 1, 2, Age),
        new("make_timestamp", 6, 6, call => call.Make(
            DataType.Timestamp,
            MakeTimestamps,
            [
                call.Whole(0), call.Whole(1), call.Whole(2), call.Whole(3), call.Whole(4),
                call.Double(5),
            ])),
        new("make_timestamptz", 6, 7, static call => call.Count == 6
            ? ExpressionFactory.Cast(
                ExpressionFactory.Call("make_timestamp", call.Arguments, call.Position),
                DataType.TimestampTz,
                call.Position)
            : ExpressionFactory.Call(
                "timezone",
                [
                    call.Arguments[6],
                    ExpressionFactory.Call(
                        "make_timestamp", [.. call.Arguments.Take(6)], call.Position),
                ],
                call.Position)),
        Now("clock_timestamp"),
        Now("statement_timestamp"),
        Now("transaction_timestamp"),
        Now("getdate"),
    ];

    private static bool IsTime(Expression value) => value.Type.Kind is TypeKind.Date
        or TypeKind.Timestamp or TypeKind.TimestampTz or TypeKind.Text;

    private static FunctionDefinition Now(string name) =>
        new(name, 0, 0, static call => FunctionRegistry.Bind("now", [], call.Position));

    private static Expression Time(FunctionCall call, int ordinal) =>
        call.TypeOf(ordinal).Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.Text
            or TypeKind.Null or TypeKind.TimestampTz
            ? ExpressionFactory.Cast(
                call.Arguments[ordinal], DataType.Timestamp, call.Position)
            : throw call.Mismatch(ordinal, "a date or timestamp");

    private static Expression ToDate(FunctionCall call) => call.Count == 1
        ? ExpressionFactory.Cast(call.Arguments[0], DataType.Date, call.Position)
        : call.Make(
            DataType.Date,
            RowLoops.Of<string, string, long>(static (text, template) => Math.DivRem(
                TimeTemplate.Of(template).Parse(text).ToLocal(),
                DateTimeText.MicrosecondsPerDay) is var (day, rest) && rest < 0 ? day - 1 : day),
            [call.Text(0), call.Text(1)]);

    private static Expression ToChar(FunctionCall call)
    {
        DataType type = call.TypeOf(0);
        return type.IsNumeric
            ? call.Make(
                DataType.Text,
                RowLoops.Of<decimal, string, string>(NumberTemplate.Format),
                [
                    ExpressionFactory.Cast(
                        call.Arguments[0], DataType.Decimal, call.Position),
                    call.Text(1),
                ])
            : type.Kind switch
            {
                TypeKind.TimestampTz => call.Make(
                    DataType.Text,
                    static (arguments, run) => RowLoops.Of<long, string, string>(
                        (point, template) => TimeTemplate.Of(template).Format(
                            TimeFields.OfPoint(point, run.Context.TimeZone)))(arguments, run),
                    [call.Arguments[0], call.Text(1)],
                    FunctionVolatility.Stable),
                TypeKind.Interval => call.Make(
                    DataType.Text,
                    RowLoops.Of<TimeInterval, string, string>(static (span, template) =>
                        TimeTemplate.Of(template).Format(TimeFields.OfInterval(span))),
                    [call.Arguments[0], call.Text(1)]),
                _ => call.Make(
                    DataType.Text,
                    RowLoops.Of<long, string, string>(static (time, template) =>
                        TimeTemplate.Of(template).Format(TimeFields.OfClock(time))),
                    [
                        type.Kind == TypeKind.Time ? call.Arguments[0] : Time(call, 0),
                        call.Text(1),
                    ]),
            };
    }

    // A clock in the zone: a point in time is what it shows, what it shows is a point in time.
    private static Expression Zone(FunctionCall call)
    {
        bool isPoint = call.TypeOf(1).Kind == TypeKind.TimestampTz;
        DataType type = isPoint ? DataType.Timestamp : DataType.TimestampTz;
        Expression time = isPoint ? call.Arguments[1] : Time(call, 1);
        return call.TypeOf(0).Kind == TypeKind.Interval
            ? call.Make(
                type,
                RowLoops.Of<TimeInterval, long, long>((offset, at) =>
                    Shift(TimeZones.Of(offset.ToTimeSpan()), at, isPoint)),
                [call.Arguments[0], time])
            : call.Make(
                type,
                RowLoops.Of<string, long, long>((zone, at) =>
                    Shift(TimeZones.Of(zone), at, isPoint)),
                [call.Text(0), time]);
    }

    private static long Shift(TimeZoneInfo zone, long time, bool isPoint) =>
        isPoint ? TimeZones.ToLocal(time, zone) : TimeZones.ToPoint(time, zone);

    private static Expression Age(FunctionCall call)
    {
        Expression from = call.Count == 2
            ? Time(call, 0)
            : FunctionRegistry.Bind("now", [], call.Position);
        Expression to = Time(call, call.Count - 1);
        return call.Make(
            DataType.Interval,
            RowLoops.Of<long, long, TimeInterval>(static (later, earlier) =>
                AgeOf(TimeText.Calendar(later), TimeText.Calendar(earlier))),
            call.Count == 2
                ? [from, to]
                : [ExpressionFactory.Cast(
                    FunctionRegistry.Bind("current_date", [], call.Position),
                    DataType.Timestamp,
                    call.Position), to]);
    }

    // A month that is not whole has the days of the earlier time's month.
    private static TimeInterval AgeOf(DateTime later, DateTime earlier)
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
            days += DateTime.DaysInMonth(low.Year, low.Month);
            months--;
        }

        int sign = isNegative ? -1 : 1;
        return new TimeInterval(months, days, clock.Ticks / TimeSpan.TicksPerMicrosecond)
            * (long)sign;
    }

    private static ColumnBuffer MakeTimestamps(ColumnBuffer[] arguments, FunctionRun run)
    {
        ColumnBuilder builder = ColumnBuilder.Create(DataType.Timestamp, run.Count);
        for (int row = 0; row < run.Count; row++)
        {
            Value[] parts = [.. arguments.Select(
                argument => argument.GetValue(argument.Count == 1 ? 0 : row))];
            builder.Append(Array.Exists(parts, static part => part.IsNull)
                ? Value.Null
                : Value.OfTimestamp(MakeTimestamp(parts)));
        }

        return builder.Build();
    }

    private static long MakeTimestamp(Value[] parts)
    {
        long[] whole = [.. parts.Take(5).Select(static part => part.AsInt64())];
        double seconds = parts[5].AsDouble();
        bool isValid = whole[0] is >= 1 and <= 9999 && whole[1] is >= 1 and <= 12
            && whole[2] >= 1 && whole[2] <= DateTime.DaysInMonth((int)whole[0], (int)whole[1])
            && whole[3] is >= 0 and <= 23 && whole[4] is >= 0 and <= 59
            && seconds is >= 0 and < 60;
        return isValid
            ? DateTimeText.Microseconds(new DateTime(
                (int)whole[0], (int)whole[1], (int)whole[2], (int)whole[3], (int)whole[4], 0))
                + (long)Math.Round(seconds * 1e6)
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "There is no such point in time.");
    }
}
