using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// date, time, datetime, julianday, unixepoch and strftime: a time value and modifiers, as in
/// SQLite, with typed results. What is no time is an error, not NULL.
/// </summary>
internal static class CalendarFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Of("date", DataType.Date, 0, (time, _) =>
            Value.OfDate((long)Math.Floor(time / (double)DateTimeText.MicrosecondsPerDay))),
        Of("datetime", DataType.Timestamp, 0, (time, _) => Value.OfTimestamp(time)),
        Of("time", DataType.Text, 0, (time, _) => Value.Of(Format("%H:%M:%S", time))),
        Of("julianday", DataType.Double, 0, (time, _) => Value.Of(TimeText.JulianDay(time))),
        Of("unixepoch", DataType.BigInt, 0, (time, _) =>
            Value.Of((long)Math.Floor(time / 1e6))),
        Of("strftime", DataType.Text, 1, (time, format) => Value.Of(Format(format, time))),
    ];

    private static FunctionDefinition Of(
        string name, DataType type, int first, Func<long, string, Value> result) =>
        new(name, first, int.MaxValue, call => Bind(call, type, first, result));

    private static Expression Bind(
        FunctionCall call, DataType type, int first, Func<long, string, Value> result)
    {
        var arguments = new Expression[Math.Max(call.Count, first + 1)];
        for (int i = 0; i < arguments.Length; i++)
        {
            bool isTime = i == first;
            arguments[i] = i >= call.Count
                ? ExpressionFactory.Literal(Value.Of("now"), call.Position)
                : isTime ? TimeValue(call, i) : call.Text(i);
        }

        return call.Make(
            type,
            (columns, run) => Rows(columns, run, first, result),
            arguments,
            FunctionVolatility.Stable);
    }

    private static Expression TimeValue(FunctionCall call, int ordinal)
    {
        DataType type = call.TypeOf(ordinal);
        return type.Kind switch
        {
            TypeKind.Date or TypeKind.TimestampTz => Coercion.To(
                call.Arguments[ordinal], DataType.Timestamp, call.Position),
            TypeKind.Timestamp or TypeKind.Text => call.Arguments[ordinal],
            TypeKind.Null => Coercion.To(call.Arguments[ordinal], DataType.Text, call.Position),
            _ when type.IsNumeric => call.Double(ordinal),
            _ => throw call.Mismatch(ordinal, "a date, a timestamp, a text or a number"),
        };
    }

    private static ColumnBuffer Rows(
        ColumnBuffer[] columns, FunctionRun run, int first, Func<long, string, Value> result)
    {
        ColumnBuilder builder = ColumnBuilder.Create(run.Type, run.Count);
        var row = new Value[columns.Length];
        for (int i = 0; i < run.Count; i++)
        {
            bool anyNull = false;
            for (int column = 0; column < row.Length; column++)
            {
                row[column] = columns[column].GetValue(columns[column].Count == 1 ? 0 : i);
                anyNull |= row[column].IsNull;
            }

            if (anyNull)
            {
                builder.AppendNull();
                continue;
            }

            long time = TimeOf(row.AsSpan(first), run.Context.NowMicroseconds);
            builder.Append(result(time, first == 0 ? string.Empty : row[0].AsText()));
        }

        return builder.Build();
    }

    /// <summary>A time value after its modifiers.</summary>
    private static long TimeOf(ReadOnlySpan<Value> row, long now)
    {
        Value value = row[0];
        ReadOnlySpan<Value> modifiers = row[1..];
        string next = modifiers.IsEmpty ? string.Empty : modifiers[0].AsText().Trim();
        bool isUnix = next.Equals("unixepoch", StringComparison.OrdinalIgnoreCase);
        long time;
        if (isUnix || next.Equals("julianday", StringComparison.OrdinalIgnoreCase))
        {
            modifiers = modifiers[1..];
            double number = value.Kind == TypeKind.Double
                ? value.AsDouble()
                : ValueParser.Parse(ValueText.Format(value), DataType.Double).AsDouble();
            time = isUnix ? TimeText.OfUnixSeconds(number) : TimeText.OfJulianDay(number);
        }
        else
        {
            time = value.Kind switch
            {
                TypeKind.Timestamp => value.AsInt64(),
                TypeKind.Double => TimeText.OfJulianDay(value.AsDouble()),
                _ => TimeText.Parse(value.AsText(), now),
            };
        }

        foreach (Value modifier in modifiers)
        {
            time = TimeModifier.Apply(time, modifier.AsText());
        }

        _ = TimeText.Calendar(time);
        return time;
    }

    private static string Format(string format, long microseconds)
    {
        DateTime time = TimeText.Calendar(microseconds);
        var text = new StringBuilder(format.Length * 2);
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i == format.Length - 1)
            {
                text.Append(format[i]);
                continue;
            }

            i++;
            text.Append(Field(format[i], time, microseconds));
        }

        return text.ToString();
    }

    private static string Field(char letter, DateTime time, long microseconds) => letter switch
    {
        'd' => Text(time, "dd"),
        'e' => Text(time, "%d").PadLeft(2),
        'f' => Text(time, "ss.fff"),
        'F' => Text(time, "yyyy-MM-dd"),
        'G' => ISOWeek.GetYear(time).ToString("0000", CultureInfo.InvariantCulture),
        'g' => (ISOWeek.GetYear(time) % 100).ToString("00", CultureInfo.InvariantCulture),
        'H' => Text(time, "HH"),
        'I' => Text(time, "hh"),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'J' => TimeText.JulianDay(microseconds).ToString("R", CultureInfo.InvariantCulture),
        'k' => Text(time, "%H").PadLeft(2),
        'l' => Text(time, "%h").PadLeft(2),
        'm' => Text(time, "MM"),
        'M' => Text(time, "mm"),
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'R' => Text(time, "HH:mm"),
        's' => ((long)Math.Floor(microseconds / 1e6)).ToString(CultureInfo.InvariantCulture),
        'S' => Text(time, "ss"),
        'T' => Text(time, "HH:mm:ss"),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'U' => Week(time, (int)time.DayOfWeek),
        'V' => ISOWeek.GetWeekOfYear(time).ToString("00", CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'W' => Week(time, ((int)time.DayOfWeek + 6) % 7),
        'Y' => Text(time, "yyyy"),
        '%' => "%",
        _ => throw new NeuroStoreException(
            ErrorCode.InvalidText,
            $"'%{letter}' is no field of strftime; known are %d %e %f %F %G %g %H %I %j %J %k %l "
            + "%m %M %p %P %R %s %S %T %u %U %V %w %W %Y and %%."),
    };

    /// <summary>The week of the year; days before the first week are in week 0.</summary>
    private static string Week(DateTime time, int dayOfWeek) =>
        ((time.DayOfYear + 6 - dayOfWeek) / 7).ToString("00", CultureInfo.InvariantCulture);

    private static string Text(DateTime time, string format) =>
        time.ToString(format, CultureInfo.InvariantCulture);
}
