using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NeuroDb.Cli;

/// <summary>
/// Prints one JSON object a row, each on a line. Numbers stay numbers, vectors become arrays, blobs
/// base64; NaN and infinities, which JSON lacks, become texts.
/// </summary>
internal static class JsonPrinter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Prints all rows.</summary>
    public static void Print(ResultReader reader, TextWriter output)
    {
        using var buffer = new MemoryStream();
        while (reader.Read())
        {
            buffer.SetLength(0);
            using (var writer = new Utf8JsonWriter(buffer, Options))
            {
                writer.WriteStartObject();
                for (int i = 0; i < reader.FieldCount; i++)
                {
                    writer.WritePropertyName(reader.GetName(i));
                    WriteValue(writer, reader, i);
                }

                writer.WriteEndObject();
            }

            output.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
            output.Write('\n');
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, ResultReader reader, int ordinal)
    {
        if (reader.IsNull(ordinal))
        {
            writer.WriteNullValue();
            return;
        }

        switch (reader.GetDataType(ordinal).Kind)
        {
            case TypeKind.Boolean:
                writer.WriteBooleanValue(reader.GetBoolean(ordinal));
                break;
            case TypeKind.Integer or TypeKind.BigInt:
                writer.WriteNumberValue(reader.GetInt64(ordinal));
                break;
            case TypeKind.Decimal:
                writer.WriteNumberValue(reader.GetDecimal(ordinal));
                break;
            case TypeKind.Real when float.IsFinite(reader.GetFloat(ordinal)):
                writer.WriteNumberValue(reader.GetFloat(ordinal));
                break;
            case TypeKind.Double or TypeKind.Score or TypeKind.Distance
                when double.IsFinite(reader.GetDouble(ordinal)):
                writer.WriteNumberValue(reader.GetDouble(ordinal));
                break;
            case TypeKind.Blob:
                writer.WriteBase64StringValue(reader.GetBlob(ordinal).Span);
                break;
            case TypeKind.Json or TypeKind.HalfVector or TypeKind.Int8Vector:
                writer.WriteRawValue(reader.GetString(ordinal));
                break;
            case TypeKind.Vector:
                WriteVector(writer, reader.GetVector(ordinal).Span);
                break;
            default:
                writer.WriteStringValue(ValueText.Of(reader, ordinal));
                break;
        }
    }

    private static void WriteVector(Utf8JsonWriter writer, ReadOnlySpan<float> elements)
    {
        writer.WriteStartArray();
        foreach (float element in elements)
        {
            writer.WriteNumberValue(element);
        }

        writer.WriteEndArray();
    }
}
