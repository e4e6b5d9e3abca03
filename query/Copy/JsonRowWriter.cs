using System.Text.Encodings.Web;
using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// Writes one JSON object a line: numbers as numbers, vectors as arrays, JSON as it is, all else
/// as text. A number that JSON cannot write is text.
/// </summary>
internal sealed class JsonRowWriter : CopyRowWriter
{
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonEncodedText[] _names;

    /// <summary>Begins; names must differ.</summary>
    public JsonRowWriter(CopyOutput output, IReadOnlyList<OutputColumn> columns)
        : base(output)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (OutputColumn column in columns)
        {
            if (!known.Add(column.Name))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"Two columns are named {column.Name}; name them apart for JSON.");
            }
        }

        _names = [.. columns.Select(
            column => JsonEncodedText.Encode(column.Name, Plain.Encoder))];
    }

    /// <inheritdoc/>
    public override void Write(RowBatch rows)
    {
        using var json = new Utf8JsonWriter(Output, Plain);
        for (int row = 0; row < rows.Count; row++)
        {
            json.WriteStartObject();
            for (int i = 0; i < _names.Length; i++)
            {
                json.WritePropertyName(_names[i]);
                WriteValue(json, rows.Columns[i].GetValue(row));
            }

            json.WriteEndObject();
            json.Flush();
            json.Reset();
            Put((byte)'\n');
        }
    }

    private static void WriteValue(Utf8JsonWriter json, Value value)
    {
        switch (value.Kind)
        {
            case TypeKind.Null:
                json.WriteNullValue();
                break;
            case TypeKind.Boolean:
                json.WriteBooleanValue(value.AsBoolean());
                break;
            case TypeKind.Integer or TypeKind.BigInt:
                json.WriteNumberValue(value.AsInt64());
                break;
            case TypeKind.Decimal:
                json.WriteNumberValue(value.AsDecimal());
                break;
            case TypeKind.Real when double.IsFinite(value.AsDouble()):
                json.WriteNumberValue((float)value.AsDouble());
                break;
            case TypeKind.Double or TypeKind.Score or TypeKind.Distance
                when double.IsFinite(value.AsDouble()):
                json.WriteNumberValue(value.AsDouble());
                break;
            case TypeKind.Json:
                WriteOnOneLine(json, value.AsText());
                break;
            case TypeKind.Vector or TypeKind.HalfVector or TypeKind.Int8Vector:
                json.WriteRawValue(ValueText.Format(value));
                break;
            case TypeKind.Struct or TypeKind.Map:
                StructText.Write(json, value, WriteValue);
                break;
            case TypeKind.Array:
                ArrayText.Write(json, value.AsBlob(), WriteValue);
                break;
            default:
                json.WriteStringValue(ValueText.Format(value));
                break;
        }
    }

    /// <summary>Line ends between the tokens of a JSON value would end the row.</summary>
    private static void WriteOnOneLine(Utf8JsonWriter json, string text)
    {
        if (text.AsSpan().IndexOfAny('\r', '\n') < 0)
        {
            json.WriteRawValue(text);
            return;
        }

        using JsonDocument document = JsonDocument.Parse(text);
        document.RootElement.WriteTo(json);
    }
}
