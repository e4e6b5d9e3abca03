namespace NeuroDb.Query;

/// <summary>
/// Conversions between TIMESTAMPTZ and the types that have no zone, which need the time zone of the
/// session.
/// </summary>
internal static class ZonedConverter
{
    /// <summary>Whether a conversion depends on the time zone of the session.</summary>
    public static bool IsZoned(DataType from, DataType to) =>
        (from.Kind == TypeKind.TimestampTz && (HasNoZone(to) || to.Kind == TypeKind.Time))
        || (to.Kind == TypeKind.TimestampTz && HasNoZone(from));

    /// <summary>Converts every value of a column.</summary>
    public static ColumnBuffer Convert(
        ColumnBuffer source,
        DataType target,
        CastKind kind,
        SourcePosition position,
        TimeZoneInfo zone)
    {
        if (target.Kind != TypeKind.TimestampTz)
        {
            return target.Kind == TypeKind.Text
                ? Map<long, string>(source, target, point => TimeZones.Format(point, zone))
                : ColumnConverter.Convert(
                    Map<long, long>(
                        source, DataType.Timestamp, point => TimeZones.ToLocal(point, zone)),
                    target,
                    kind,
                    position);
        }

        return source.Type.Kind == TypeKind.Text
            ? Map<string, long>(source, target, text =>
                TimeZones.TryParse(text, zone, out long point)
                    ? point
                    : throw ValueParser.Invalid(text, target, position))
            : Map<long, long>(
                ColumnConverter.Convert(source, DataType.Timestamp, kind, position),
                target,
                local => TimeZones.ToPoint(local, zone));
    }

    private static bool HasNoZone(DataType type) =>
        type.Kind is TypeKind.Text or TypeKind.Date or TypeKind.Timestamp;

    private static ColumnBuffer<TTo> Map<TFrom, TTo>(
        ColumnBuffer source, DataType type, Func<TFrom, TTo> convert)
    {
        ReadOnlySpan<TFrom> values = ((ColumnBuffer<TFrom>)source).Values;
        var result = new TTo[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            if (!source.IsNull(i))
            {
                result[i] = convert(values[i]);
            }
        }

        return new ColumnBuffer<TTo>(type, result, 0, result.Length, source.Nulls);
    }
}
