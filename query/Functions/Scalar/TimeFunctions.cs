using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Functions of DATE, TIMESTAMP and TIMESTAMPTZ, whose fields are those of the session's time zone.
/// </summary>
internal static class TimeFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("now", 0, 0, Now),
        new("current_timestamp", 0, 1, Now),
        new("localtimestamp", 0, 1, call => ExpressionFactory.Cast(
            Now(call), DataType.Timestamp, call.Position)),
        new("current_date", 0, 0, call => ExpressionFactory.Cast(
            Now(call), DataType.Date, call.Position)),
        new("current_time", 0, 1, Clock),
        new("localtime", 0, 1, Clock),
        new("date_trunc", 2, 3, Trunc),
        new("date_part", 2, 2, Part),
        new("extract", 2, 2, Part),
        Field("year"),
        Field("month"),
        Field("day"),
        Field("hour"),
        Field("minute"),
        Field("second"),
        new("make_date", 3, 3, call => call.Make(
            DataType.Date,
            RowLoops.Of<long, long, long, long>(MakeDate),
            [call.Whole(0), call.Whole(1), call.Whole(2)])),
        new("make_time", 3, 3, call => call.Make(
            DataType.Time,
            RowLoops.Of<long, long, double, long>(MakeTime),
            [call.Whole(0), call.Whole(1), call.Double(2)])),
    ];

    // The clock in the session's time zone, to the second.
    private static Expression Clock(FunctionCall call) => call.Make(
        DataType.Time,
        RowLoops.Of<long, long>(static clock => clock - (clock % 1_000_000)),
        [ExpressionFactory.Cast(
            new FunctionCall("now", [], call.Position).Make(
                DataType.TimestampTz, NowRows, [], FunctionVolatility.Stable),
            DataType.Time,
            call.Position)],
        FunctionVolatility.Stable);

    private static Expression Now(FunctionCall call) => new FunctionCall("now", [], call.Position)
        .Make(DataType.TimestampTz, NowRows, [], FunctionVolatility.Stable);

    private static ColumnBuffer NowRows(ColumnBuffer[] arguments, FunctionRun run)
    {
        var result = new long[run.Count];
        result.AsSpan().Fill(run.Context.NowMicroseconds);
        return new ColumnBuffer<long>(DataType.TimestampTz, result);
    }

    private static FunctionDefinition Field(string name) =>
        new(name, 1, 1, call => call.Make(
            DataType.BigInt,
            RowLoops.Of<long, long>(
                call.TypeOf(0).Kind == TypeKind.Time
                    ? time => (long)PartOfClock(name, time)
                    : time => (long)PartOf(name, time)),
            [call.TypeOf(0).Kind == TypeKind.Time ? call.Arguments[0] : Time(call, 0)]));

    private static Expression Part(FunctionCall call) => call.TypeOf(1).Kind switch
    {
        TypeKind.Interval => call.Make(
            DataType.Double,
            RowLoops.Of<string, TimeInterval, double>(IntervalFunctions.PartOf),
            [call.Text(0), call.Arguments[1]]),
        TypeKind.Time => call.Make(
            DataType.Double,
            RowLoops.Of<string, long, double>(PartOfClock),
            [call.Text(0), call.Arguments[1]]),
        TypeKind.TimestampTz => call.Make(
            DataType.Double,
            ZonedParts,
            [call.Text(0), call.Arguments[1]],
            FunctionVolatility.Stable),
        _ => call.Make(
            DataType.Double,
            RowLoops.Of<string, long, double>(PartOf),
            [call.Text(0), Time(call, 1)]),
    };

    // The fields are those of the clock in the zone, but for the seconds since 1970, which it does
    // not change, and its own offset.
    private static ColumnBuffer ZonedParts(ColumnBuffer[] arguments, FunctionRun run)
    {
        TimeZoneInfo zone = run.Context.TimeZone;
        return RowLoops.Of<string, long, double>((field, point) => field.ToLowerInvariant() switch
        {
            "epoch" => PartOf(field, point),
            "timezone" => TimeZones.OffsetAt(point, zone).TotalSeconds,
            "timezone_hour" => TimeZones.OffsetAt(point, zone).Hours,
            "timezone_minute" => TimeZones.OffsetAt(point, zone).Minutes,
            _ => PartOf(field, TimeZones.ToLocal(point, zone)),
        })(arguments, run);
    }

    private static Expression Trunc(FunctionCall call)
    {
        if (call.TypeOf(1).Kind is TypeKind.Interval or TypeKind.Time && call.Count == 2)
        {
            return call.Make(
                DataType.Interval,
                RowLoops.Of<string, TimeInterval, TimeInterval>(IntervalFunctions.Truncate),
                [
                    call.Text(0),
                    ExpressionFactory.Cast(
                        call.Arguments[1], DataType.Interval, call.Position),
                ]);
        }

        if (call.Count == 3)
        {
            return call.Make(
                DataType.TimestampTz,
                RowLoops.Of<string, long, string, long>(static (field, point, zone) =>
                    TruncatePoint(field, point, TimeZones.Of(zone))),
                [
                    call.Text(0),
                    ExpressionFactory.Cast(
                        call.Arguments[1], DataType.TimestampTz, call.Position),
                    call.Text(2),
                ]);
        }

        return call.TypeOf(1).Kind == TypeKind.TimestampTz
            ? call.Make(
                DataType.TimestampTz,
                static (arguments, run) => RowLoops.Of<string, long, long>((field, point) =>
                    TruncatePoint(field, point, run.Context.TimeZone))(arguments, run),
                [call.Text(0), call.Arguments[1]],
                FunctionVolatility.Stable)
            : call.Make(
                DataType.Timestamp,
                RowLoops.Of<string, long, long>(Truncate),
                [call.Text(0), Time(call, 1)]);
    }

    // Within a day the offset stays what it was, so of an hour that a clock shows twice the
    // second stays the second.
    private static long TruncatePoint(string field, long point, TimeZoneInfo zone)
    {
        long local = TimeZones.ToLocal(point, zone);
        long start = Truncate(field, local);
        return field.ToLowerInvariant() is "hour" or "minute" or "second" or "millisecond"
            or "milliseconds" or "microsecond" or "microseconds"
            ? point - (local - start)
            : TimeZones.ToPoint(start, zone);
    }

    private static Expression Time(FunctionCall call, int ordinal) =>
        call.TypeOf(ordinal).Kind is TypeKind.Date or TypeKind.Timestamp
            ? Coercion.To(call.Arguments[ordinal], DataType.Timestamp, call.Position)
            : call.TypeOf(ordinal).Kind is TypeKind.Text or TypeKind.Null or TypeKind.TimestampTz
                ? ExpressionFactory.Cast(
                    call.Arguments[ordinal], DataType.Timestamp, call.Position)
                : throw call.Mismatch(ordinal, "a date or timestamp");

    private static double PartOfClock(string field, long microseconds) =>
        field.ToLowerInvariant() is "hour" or "minute" or "second" or "epoch" or "millisecond"
            or "milliseconds" or "microsecond" or "microseconds"
            ? PartOf(field, microseconds)
            : throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(field)}' is no field of a time of day; it has hour, minute, "
                + "second, millisecond, microsecond and epoch.");

    private static double PartOf(string field, long microseconds)
    {
        DateTime time = TimeText.Calendar(microseconds);
        return field.ToLowerInvariant() switch
        {
            "year" => time.Year,
            "quarter" => ((time.Month - 1) / 3) + 1,
            "month" => time.Month,
            "week" => ISOWeek.GetWeekOfYear(time),
            "day" => time.Day,
            "hour" => time.Hour,
            "minute" => time.Minute,
            "second" => time.Second + (time.Ticks % TimeSpan.TicksPerSecond / 1e7),
            "dow" => (int)time.DayOfWeek,
            "isodow" => time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek,
            "doy" => time.DayOfYear,
            "epoch" => microseconds / 1e6,
            "millisecond" or "milliseconds" =>
                (time.Second * 1000) + (time.Ticks % TimeSpan.TicksPerSecond / 1e4),
            "microsecond" or "microseconds" =>
                (time.Second * 1e6) + (time.Ticks % TimeSpan.TicksPerSecond / 10),
            "decade" => time.Year / 10,
            "century" => ((time.Year - 1) / 100) + 1,
            "millennium" => ((time.Year - 1) / 1000) + 1,
            "isoyear" => ISOWeek.GetYear(time),
            "julian" => TimeText.JulianDay(microseconds) + 0.5,
            "timezone" or "timezone_hour" or "timezone_minute" => 0,
            _ => throw UnknownField(field),
        };
    }

    private static long Truncate(string field, long microseconds)
    {
        DateTime time = TimeText.Calendar(microseconds);
        DateTime day = time.Date;
        DateTime start = field.ToLowerInvariant() switch
        {
            "millennium" => new DateTime(((time.Year - 1) / 1000 * 1000) + 1, 1, 1),
            "century" => new DateTime(((time.Year - 1) / 100 * 100) + 1, 1, 1),
            "decade" => new DateTime(Math.Max(1, time.Year / 10 * 10), 1, 1),
            "year" => new DateTime(time.Year, 1, 1),
            "quarter" => new DateTime(time.Year, (((time.Month - 1) / 3) * 3) + 1, 1),
            "month" => new DateTime(time.Year, time.Month, 1),
            "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            "day" => day,
            "hour" => day.AddHours(time.Hour),
            "minute" => day.AddMinutes((time.Hour * 60) + time.Minute),
            "second" => day.AddSeconds((time.Hour * 3600) + (time.Minute * 60) + time.Second),
            "millisecond" or "milliseconds" =>
                new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond)),
            "microsecond" or "microseconds" => time,
            _ => throw UnknownField(field),
        };
        return DateTimeText.Microseconds(start);
    }

    private static long MakeTime(long hour, long minute, double second) =>
        hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60
            ? (((hour * 60) + minute) * 60_000_000) + (long)(second * 1e6)
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, $"There is no time {hour}:{minute}:{second}.");

    private static long MakeDate(long year, long month, long day)
    {
        bool valid = year is >= 1 and <= 9999 && month is >= 1 and <= 12
            && day >= 1 && day <= DateTime.DaysInMonth((int)year, (int)month);
        return valid
            ? DateTimeText.Microseconds(new DateTime((int)year, (int)month, (int)day))
                / DateTimeText.MicrosecondsPerDay
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, $"There is no date {year}-{month}-{day}.");
    }

    /// <summary>The error for a field that is none.</summary>
    internal static NeuroStoreException UnknownField(string field) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(field)}' is no field of a time; known are year, quarter, month, "
        + "week, day, hour, minute, second and, for date_part, dow, isodow, doy, epoch.");
}
