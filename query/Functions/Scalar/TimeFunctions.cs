using System.Globalization;

namespace NeuroDb.Query;

/// <summary>Functions of DATE and TIMESTAMP; all times are UTC.</summary>
internal static class TimeFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Now("now"),
        Now("current_timestamp"),
        Now("localtimestamp"),
        new("current_date", 0, 0, call => ExpressionFactory.Cast(
            new FunctionCall("now", [], call.Position).Make(
                DataType.Timestamp, NowRows, [], FunctionVolatility.Stable),
            DataType.Date,
            call.Position)),
        new("current_time", 0, 0, call => FunctionRegistry.Bind("time", [], call.Position)),
        new("date_trunc", 2, 2, call => call.Make(
            DataType.Timestamp,
            RowLoops.Of<string, long, long>(Truncate),
            [call.Text(0), Time(call, 1)])),
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
    ];

    private static FunctionDefinition Now(string name) =>
        new(name, 0, 0, call => call.Make(
            DataType.Timestamp, NowRows, [], FunctionVolatility.Stable));

    private static ColumnBuffer NowRows(ColumnBuffer[] arguments, FunctionRun run)
    {
        var result = new long[run.Count];
        result.AsSpan().Fill(run.Context.NowMicroseconds);
        return new ColumnBuffer<long>(DataType.Timestamp, result);
    }

    private static FunctionDefinition Field(string name) =>
        new(name, 1, 1, call => call.Make(
            DataType.BigInt,
            RowLoops.Of<long, long>(time => (long)PartOf(name, time)),
            [Time(call, 0)]));

    private static Expression Part(FunctionCall call) => call.Make(
        DataType.Double,
        RowLoops.Of<string, long, double>(PartOf),
        [call.Text(0), Time(call, 1)]);

    private static Expression Time(FunctionCall call, int ordinal) =>
        call.TypeOf(ordinal).Kind is TypeKind.Date or TypeKind.Timestamp
            ? Coercion.To(call.Arguments[ordinal], DataType.Timestamp, call.Position)
            : call.TypeOf(ordinal).Kind is TypeKind.Text or TypeKind.Null
                ? ExpressionFactory.Cast(
                    call.Arguments[ordinal], DataType.Timestamp, call.Position)
                : throw call.Mismatch(ordinal, "a date or timestamp");

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

    private static NeuroStoreException UnknownField(string field) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(field)}' is no field of a time; known are year, quarter, month, "
        + "week, day, hour, minute, second and, for date_part, dow, isodow, doy, epoch.");
}
