using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// The text of values: what CAST to TEXT and the command line show. Booleans are true and false;
/// a double is the shortest text that reads back, with .0 where it would look like an integer
/// (as in SQLite); blobs are \x and hexadecimal digits; dates are ISO 8601.
/// </summary>
internal static class ValueText
{
    /// <summary>The text of a value; NULL gives an empty text.</summary>
    public static string Format(Value value) => value.Kind switch
    {
        TypeKind.Null => string.Empty,
        TypeKind.Boolean => value.AsBoolean() ? "true" : "false",
        TypeKind.Integer or TypeKind.BigInt =>
            value.AsInt64().ToString(CultureInfo.InvariantCulture),
        TypeKind.Real => FormatReal(value.AsDouble()),
        TypeKind.Double or TypeKind.Score or TypeKind.Distance =>
            FormatDouble(value.AsDouble()),
        TypeKind.Decimal => value.AsDecimal().ToString(CultureInfo.InvariantCulture),
        TypeKind.Text or TypeKind.Json or TypeKind.BitString => value.AsText(),
        TypeKind.Enum => EnumValue.LabelOf(value.AsText()),
        TypeKind.Struct => StructText.Format(value.AsBlob()),
        TypeKind.Map => StructText.FormatMap(value.AsBlob()),
        TypeKind.Blob => FormatBlob(value.AsBlob()),
        TypeKind.Date => DateTimeText.FormatDate(value.AsInt64()),
        TypeKind.Timestamp => DateTimeText.FormatTimestamp(value.AsInt64()),
        TypeKind.TimestampTz => TimeZones.Format(value.AsInt64(), TimeZoneInfo.Utc),
        TypeKind.Time => DateTimeText.FormatTime(value.AsInt64()),
        TypeKind.Interval => value.AsInterval().ToString(),
        TypeKind.Array => ArrayText.Format(value.AsBlob()),
        TypeKind.Uuid => value.AsUuid().ToString(),
        TypeKind.HalfVector or TypeKind.Int8Vector or TypeKind.BitVector =>
            CompactVectorText.Format(value.Kind, value.AsCompactVector()),
        _ => VectorText.Format(value.AsVector().Span),
    };

    /// <summary>The text of one row of a column; NULL gives an empty text.</summary>
    public static string Format(ColumnBuffer column, int row) => Format(column.GetValue(row));

    /// <summary>The text of a double.</summary>
    public static string FormatDouble(double value) =>
        WithPoint(value, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>The text of a REAL, by its 32 bits.</summary>
    public static string FormatReal(double value) =>
        WithPoint(value, ((float)value).ToString("R", CultureInfo.InvariantCulture));

    /// <summary>The text of bytes: \x and two digits for each.</summary>
    public static string FormatBlob(byte[] bytes) => "\\x" + Convert.ToHexStringLower(bytes);

    /// <summary>A text for a message: at most 40 characters of it.</summary>
    public static string Shorten(ReadOnlySpan<char> text) =>
        text.Length <= 40 ? text.ToString() : $"{text[..37]}...";

    private static string WithPoint(double value, string text)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }

        return text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : text + ".0";
    }
}
