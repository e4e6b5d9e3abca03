using System.Globalization;
using System.Text;

namespace NeuroDb.Cli;

/// <summary>Writes values as text that SQL reads back.</summary>
internal static class ValueText
{
    /// <summary>The text of a value that is not NULL.</summary>
    public static string Of(ResultReader reader, int ordinal) =>
        reader.GetDataType(ordinal).Kind switch
        {
            TypeKind.Boolean => reader.GetBoolean(ordinal) ? "true" : "false",
            TypeKind.Integer or TypeKind.BigInt =>
                reader.GetInt64(ordinal).ToString(CultureInfo.InvariantCulture),
            TypeKind.Real => reader.GetFloat(ordinal).ToString(CultureInfo.InvariantCulture),
            TypeKind.Double or TypeKind.Score or TypeKind.Distance =>
                reader.GetDouble(ordinal).ToString(CultureInfo.InvariantCulture),
            TypeKind.Decimal => reader.GetDecimal(ordinal).ToString(CultureInfo.InvariantCulture),
            TypeKind.Date => OfDate(reader, ordinal),
            TypeKind.Timestamp => OfTimestamp(reader, ordinal),
            TypeKind.Uuid => reader.GetGuid(ordinal).ToString(),
            TypeKind.Blob => "\\x" + Convert.ToHexStringLower(reader.GetBlob(ordinal).Span),
            TypeKind.Vector => OfVector(reader.GetVector(ordinal).Span),
            _ => reader.GetString(ordinal),
        };

    /// <summary>A day as yyyy-MM-dd.</summary>
    public static string OfDate(ResultReader reader, int ordinal) =>
        reader.GetDate(ordinal).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A point in time as yyyy-MM-dd HH:mm:ss with the fraction it has.</summary>
    public static string OfTimestamp(ResultReader reader, int ordinal) =>
        reader.GetDateTime(ordinal).ToString(
            "yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);

    private static string OfVector(ReadOnlySpan<float> elements)
    {
        var text = new StringBuilder("[");
        for (int i = 0; i < elements.Length; i++)
        {
            text.Append(i == 0 ? string.Empty : ",")
                .Append(elements[i].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }
}
