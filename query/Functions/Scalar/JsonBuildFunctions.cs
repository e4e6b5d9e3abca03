using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuroDb.Query;

/// <summary>json, json_array, json_object, json_quote, json_type and the operators.</summary>
internal static class JsonBuildFunctions
{
    private static readonly JsonWriterOptions Options = new()
    {
        // The texts go into a database, not into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("json", 1, 1, call => call.Make(
            DataType.Json, RowLoops.Of<string, string>(Minify), [call.Text(0)])),
        new("json_quote", 1, 1, call => OfValues(call, (writer, row) => Write(writer, row[0]))),
        new("json_array", 0, int.MaxValue, call => OfValues(call, (writer, row) =>
        {
            writer.WriteStartArray();
            foreach (Value value in row)
            {
                Write(writer, value);
            }

            writer.WriteEndArray();
        })),
        new("json_object", 0, int.MaxValue, Object),
        new("jsonb_object", 1, 2, Object),
        new("json_type", 1, 2, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string>((text, path) => JsonPath.TypeOf(text, path)!),
            [
                call.Text(0),
                call.Count > 1
                    ? call.Text(1)
                    : new ConstantExpression(Value.Of("$"), DataType.Text),
            ])),
        new("->", 2, 2, call => Member(call, DataType.Json, JsonPath.Json)),
        new("->>", 2, 2, call => Member(call, DataType.Text, JsonPath.Text)),
    ];

    /// <summary>A member by path, name or place: what -> and ->> take at their right.</summary>
    private static Expression Member(
        FunctionCall call, DataType type, Func<string, string, string?> read)
    {
        bool isPlace = call.TypeOf(1).IsInteger;
        return call.Make(
            type,
            RowLoops.Of<string, string, string>((text, member) => read(
                text,
                isPlace ? $"$[{member}]"
                    : member.StartsWith('$') ? member
                    : $"$.\"{member}\"")!),
            [call.Text(0), call.Text(1)]);
    }

    // An array of names and one of their values, or one with both in turn; as texts.
    private static Expression OfArrays(FunctionCall call) => ArrayFunctions.Each(
        call,
        DataType.Json,
        call.Arguments,
        row =>
        {
            List<Value> names = ArrayCodec.Decode(row[0].AsBlob());
            List<Value> values = row.Length > 1
                ? ArrayCodec.Decode(row[1].AsBlob())
                : [.. names.Where(static (_, i) => i % 2 == 1)];
            names = row.Length > 1 ? names : [.. names.Where(static (_, i) => i % 2 == 0)];
            if (names.Count != values.Count || names.Exists(static name => name.IsNull))
            {
                throw new NeuroStoreException(
                    ErrorCode.InvalidText,
                    $"{call.Name} takes a name that is not NULL for each value.");
            }

            var members = new JsonObject();
            for (int i = 0; i < names.Count; i++)
            {
                members[ValueText.Format(names[i])] = values[i].IsNull
                    ? null
                    : JsonValue.Create(ValueText.Format(values[i]));
            }

            return Value.OfJson(JsonChangeFunctions.Text(members));
        });

    private static Expression Object(FunctionCall call)
    {
        if (call.Count is 1 or 2 && call.TypeOf(0).Kind == TypeKind.Array)
        {
            return OfArrays(call);
        }

        if (call.Count % 2 != 0)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                "json_object takes names and values in turn: an even number of arguments.",
                call.Position);
        }

        return OfValues(call, (writer, row) =>
        {
            writer.WriteStartObject();
            for (int i = 0; i < row.Length; i += 2)
            {
                writer.WritePropertyName(row[i].IsNull
                    ? throw new NeuroStoreException(
                        ErrorCode.InvalidText, "A name in json_object is NULL.")
                    : ValueText.Format(row[i]));
                Write(writer, row[i + 1]);
            }

            writer.WriteEndObject();
        });
    }

    private static Expression OfValues(
        FunctionCall call, Action<Utf8JsonWriter, Value[]> write) =>
        call.Make(
            DataType.Json,
            (columns, run) =>
            {
                var result = new string[run.Count];
                var row = new Value[columns.Length];
                for (int i = 0; i < result.Length; i++)
                {
                    for (int column = 0; column < row.Length; column++)
                    {
                        row[column] =
                            columns[column].GetValue(columns[column].Count == 1 ? 0 : i);
                    }

                    result[i] = Text(writer => write(writer, row));
                }

                return new ColumnBuffer<string>(DataType.Json, result);
            },
            call.Arguments);

    /// <summary>A value as JSON.</summary>
    public static string TextOf(Value value) => Text(writer => Write(writer, value));

    private static string Minify(string text)
    {
        using JsonDocument document = JsonPath.Parse(text);
        return Text(document.RootElement.WriteTo);
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value.Kind)
        {
            case TypeKind.Null:
                writer.WriteNullValue();
                break;
            case TypeKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean());
                break;
            case TypeKind.Integer or TypeKind.BigInt:
                writer.WriteNumberValue(value.AsInt64());
                break;
            case TypeKind.Decimal:
                writer.WriteNumberValue(value.AsDecimal());
                break;
            case TypeKind.Real or TypeKind.Double or TypeKind.Score or TypeKind.Distance
                when double.IsFinite(value.AsDouble()):
                writer.WriteRawValue(ValueText.Format(value));
                break;
            case TypeKind.Json or TypeKind.Vector or TypeKind.HalfVector
                or TypeKind.Int8Vector:
                writer.WriteRawValue(ValueText.Format(value));
                break;
            case TypeKind.Struct or TypeKind.Map:
                StructText.Write(writer, value, Write);
                break;
            case TypeKind.Array:
                ArrayText.Write(writer, value.AsBlob(), Write);
                break;
            default:
                writer.WriteStringValue(ValueText.Format(value));
                break;
        }
    }
}
