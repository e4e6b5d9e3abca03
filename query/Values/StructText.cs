using System.Buffers;
using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// The text of STRUCTs and MAPs: {'a': 1, 'b': x y}, {k=v}, and of rows without names (1,"a,b").
/// JSON objects are read too. What is written reads back.
/// </summary>
internal static class StructText
{
    private static readonly SearchValues<char> Special =
        SearchValues.Create(",:=(){}[]'\"\\\t\r\n");

    /// <summary>The text of a STRUCT.</summary>
    public static string Format(byte[] bytes)
    {
        List<KeyValuePair<string, Value>> fields = StructCodec.Decode(bytes);
        if (fields.TrueForAll(static field => field.Key.Length == 0))
        {
            return $"({string.Join(',', fields.Select(static field => RowItem(field.Value)))})";
        }

        return $"{{{string.Join(", ", fields.Select(static field =>
            $"{Quote(field.Key)}: {Item(field.Value)}"))}}}";
    }

    /// <summary>The text of a MAP.</summary>
    public static string FormatMap(byte[] bytes) =>
        $"{{{string.Join(", ", MapCodec.Decode(bytes).Select(static entry =>
            $"{Item(entry.Key)}={Item(entry.Value)}"))}}}";

    /// <summary>Writes a STRUCT or MAP as a JSON object.</summary>
    public static void Write(
        Utf8JsonWriter json, Value value, Action<Utf8JsonWriter, Value> write)
    {
        IEnumerable<KeyValuePair<string, Value>> fields = value.Kind == TypeKind.Struct
            ? StructCodec.Decode(value.AsBlob()).Select(static (field, i) =>
                field.Key.Length > 0 ? field : new($"f{i + 1}", field.Value))
            : MapCodec.Decode(value.AsBlob()).Select(static entry =>
                new KeyValuePair<string, Value>(ValueText.Format(entry.Key), entry.Value));
        json.WriteStartObject();
        foreach ((string name, Value field) in fields)
        {
            json.WritePropertyName(name);
            write(json, field);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a STRUCT or MAP of a type.</summary>
    public static Value Parse(string text, DataType type, SourcePosition position)
    {
        string trimmed = text.Trim();
        if (trimmed.StartsWith('{') && TryJson(trimmed, out JsonDocument? json) && json is not null)
        {
            using (json)
            {
                return OfJson(json.RootElement, type, position);
            }
        }

        try
        {
            return type.Kind == TypeKind.Map ? ReadMap(trimmed, type, position)
                : trimmed.StartsWith('(') ? ReadRow(trimmed, type, position)
                : ReadFields(trimmed, type, position);
        }
        catch (FormatException)
        {
            throw ValueParser.Invalid(text, type, position);
        }
    }

    private static bool TryJson(string text, out JsonDocument? json)
    {
        try
        {
            json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }

    private static Value OfJson(JsonElement root, DataType type, SourcePosition position)
    {
        Value Of(JsonElement item, DataType wanted) => item.ValueKind switch
        {
            JsonValueKind.Null => Value.Null,
            JsonValueKind.String => ValueParser.Parse(item.GetString()!, wanted, position),
            _ => ValueParser.Parse(item.GetRawText(), wanted, position),
        };
        return type.Kind == TypeKind.Map
            ? MapCodec.ToValue(
                type,
                root.EnumerateObject().Select(item => new KeyValuePair<Value, Value>(
                    ValueParser.Parse(item.Name, type.Fields[0].Value, position),
                    Of(item.Value, type.Fields[1].Value))),
                position)
            : OfNamed(
                [.. root.EnumerateObject().Select(static item =>
                    new KeyValuePair<string, JsonElement>(item.Name, item.Value))],
                type,
                Of,
                position);
    }

    private static Value ReadMap(string text, DataType type, SourcePosition position)
    {
        var reader = new NestedTextReader(text, '{', '}');
        var entries = new List<KeyValuePair<Value, Value>>();
        while (reader.HasNext())
        {
            Value key = Read(reader.Next("=:"), type.Fields[0].Value, position);
            reader.Expect("=:");
            entries.Add(new(key, Read(reader.Next(","), type.Fields[1].Value, position)));
        }

        return MapCodec.ToValue(type, entries, position);
    }

    private static Value ReadFields(string text, DataType type, SourcePosition position)
    {
        var reader = new NestedTextReader(text, '{', '}');
        var fields = new List<KeyValuePair<string, (string, bool)>>();
        while (reader.HasNext())
        {
            string name = reader.Next(":").Text;
            reader.Expect(":");
            fields.Add(new(name, reader.Next(",")));
        }

        return OfNamed(fields, type, (item, wanted) => Read(item, wanted, position), position);
    }

    private static Value OfNamed<T>(
        List<KeyValuePair<string, T>> given,
        DataType type,
        Func<T, DataType, Value> read,
        SourcePosition position)
    {
        var values = new Value[type.Fields.Count];
        foreach ((string name, T item) in given)
        {
            int place = StructFields.PlaceOf(type, name);
            if (place < 0)
            {
                throw StructFields.Unknown(type, name, position);
            }

            values[place] = read(item, type.Fields[place].Value);
        }

        return StructCodec.ToValue(type, values);
    }

    // The text of a row as in PostgreSQL: nothing between the commas is NULL.
    private static Value ReadRow(string text, DataType type, SourcePosition position)
    {
        var reader = new NestedTextReader(text, '(', ')');
        var values = new List<Value>();
        while (values.Count < type.Fields.Count && reader.HasPlace())
        {
            (string item, bool isQuoted) = reader.Next(",");
            values.Add(item.Length == 0 && !isQuoted
                ? Value.Null
                : ValueParser.Parse(item, type.Fields[values.Count].Value, position));
        }

        return values.Count == type.Fields.Count && !reader.HasPlace()
            ? StructCodec.ToValue(type, values)
            : throw ValueParser.Invalid(text, type, position);
    }

    private static Value Read(
        (string Text, bool IsQuoted) item, DataType type, SourcePosition position) =>
        !item.IsQuoted && item.Text.Equals("NULL", StringComparison.OrdinalIgnoreCase)
            ? Value.Null
            : ValueParser.Parse(item.Text, type, position);

    private static string Item(Value value)
    {
        if (value.IsNull)
        {
            return "NULL";
        }

        string text = ValueText.Format(value);
        bool isPlain = value.Kind is TypeKind.Array or TypeKind.Struct or TypeKind.Map
            || (text.Length > 0 && text.AsSpan().IndexOfAny(Special) < 0
                && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1])
                && !text.Equals("NULL", StringComparison.OrdinalIgnoreCase));
        return isPlain ? text : Quote(text);
    }

    private static string RowItem(Value value)
    {
        if (value.IsNull)
        {
            return "";
        }

        string text = ValueText.Format(value);
        return text.Length > 0 && text.AsSpan().IndexOfAny(Special) < 0 && !text.Contains(' ')
            ? text
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static string Quote(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("'", "''", StringComparison.Ordinal)}'";
}
