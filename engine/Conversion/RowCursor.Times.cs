using NeuroDb.Query;

namespace NeuroDb;

/// <summary>Dates, points in time and intervals.</summary>
internal sealed partial class RowCursor
{
    /// <summary>The value of a DATE, a TIMESTAMP or, in UTC, a TIMESTAMPTZ.</summary>
    public DateTime GetDateTime(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind switch
        {
            TypeKind.Timestamp => ParameterConverter.ToDateTime(Element<long>(column)),
            TypeKind.TimestampTz => DateTime.SpecifyKind(
                ParameterConverter.ToDateTime(Element<long>(column)), DateTimeKind.Utc),
            TypeKind.Date => ParameterConverter.ToDate(Element<long>(column))
                .ToDateTime(TimeOnly.MinValue),
            _ => throw WrongType(column, typeof(DateTime)),
        };
    }

    /// <summary>The value of a DATE.</summary>
    public DateOnly GetDate(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == TypeKind.Date
            ? ParameterConverter.ToDate(Element<long>(column))
            : throw WrongType(column, typeof(DateOnly));
    }

    /// <summary>The value of a TIMESTAMPTZ with the offset of the session's time zone.</summary>
    public DateTimeOffset GetDateTimeOffset(int ordinal)
    {
        DateTime time = GetDateTime(ordinal);
        if (KindOf(ordinal) != TypeKind.TimestampTz)
        {
            return new DateTimeOffset(time, TimeSpan.Zero);
        }

        return new DateTimeOffset(time).ToOffset(
            TimeZones.OffsetAt(ParameterConverter.ToMicroseconds(time), result.TimeZone));
    }

    /// <summary>The value of a TIME of day.</summary>
    public TimeOnly GetTime(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == TypeKind.Time
            ? new TimeOnly(Element<long>(column) * TimeSpan.TicksPerMicrosecond)
            : throw WrongType(column, typeof(TimeOnly));
    }

    /// <summary>The value of an INTERVAL.</summary>
    public TimeInterval GetInterval(int ordinal)
    {
        ColumnBuffer column = Present(ordinal);
        return column.Type.Kind == TypeKind.Interval
            ? Element<TimeInterval>(column)
            : throw WrongType(column, typeof(TimeInterval));
    }
}
