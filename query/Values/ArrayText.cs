using System.Buffers;
using System.Text;
using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// The text of arrays as PostgreSQL's, {1,NULL,"a b"}, and as JSON's, [1,null,"a b"]; the latter is
/// read too.
/// </summary>
internal static class ArrayText
{
    private static readonly SearchValues<char> Special =
        SearchValues.Create("{},\"\\ \t\r\n");

    /// <summary>The text of an array.</summary>
    public static string Format(byte[] array)
    {
        var text = new StringBuilder("{");
        foreach (Value value in ArrayCodec.Decode(array))
        {
            text.Append(text.Length > 1 ? "," : "");
            if (value.IsNull)
            {
                text.Append("NULL");
                continue;
            }

            string element = ValueText.Format(value);
            if ((value.Kind is TypeKind.Array or TypeKind.Struct or TypeKind.Map
                    && element.StartsWith('{'))
                || !NeedsQuotes(element))
            {
                text.Append(element);
                continue;
            }

            text.Append('"').Append(element
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return text.Append('}').ToString();
    }

    /// <summary>Writes an array as JSON.</summary>
    public static void Write(Utf8JsonWriter json, byte[] array, Action<Utf8JsonWriter, Value> write)
    {
        json.WriteStartArray();
        foreach (Value value in ArrayCodec.Decode(array))
        {
            write(json, value);
        }

        json.WriteEndArray();
    }

    /// <summary>Reads an array of a type.</summary>
    public static Value Parse(string text, DataType type, SourcePosition position)
    {
        string trimmed = text.Trim();
        DataType element = type.ElementType;
        List<Value> values = trimmed.StartsWith('[')
            ? OfJson(trimmed, type, position)
            : OfBraces(trimmed, type, position);
        return ArrayCodec.ToValue(element.Kind, values);
    }

    private static List<Value> OfJson(string text, DataType type, SourcePosition position)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(item => item.ValueKind switch
            {
                JsonValueKind.Null => Value.Null,
                JsonValueKind.String => ValueParser.Parse(
                    item.GetString()!, type.ElementType, position),
                _ => ValueParser.Parse(item.GetRawText(), type.ElementType, position),
            })];
        }
        catch (JsonException)
        {
            throw ValueParser.Invalid(text, type, position);
        }
    }

    private static List<Value> OfBraces(string text, DataType type, SourcePosition position)
    {
        if (text is not ['{', .., '}'])
        {
            throw ValueParser.Invalid(text, type, position);
        }

        var values = new List<Value>();
        int at = 1;
        SkipBlanks(text, ref at);
        if (at == text.Length - 1)
        {
            return values;
        }

        while (true)
        {
            SkipBlanks(text, ref at);
            bool isQuoted = text[at] == '"';
            string word = isQuoted ? Quoted(text, ref at)
                : text[at] == '{' && type.ElementType.Kind
                    is TypeKind.Array or TypeKind.Struct or TypeKind.Map
                ? Nested(text, type.Innermost.Shape is not null, ref at)
                : Bare(text, ref at);
            bool isNull = !isQuoted && word.Equals("NULL", StringComparison.OrdinalIgnoreCase);
            if (word.Length == 0 && !isQuoted)
            {
                throw ValueParser.Invalid(text, type, position);
            }

            values.Add(isNull
                ? Value.Null
                : ValueParser.Parse(word, type.ElementType, position));
            SkipBlanks(text, ref at);
            if (at == text.Length - 1)
            {
                return values;
            }

            if (at >= text.Length || text[at++] != ',')
            {
                throw ValueParser.Invalid(text, type, position);
            }
        }
    }

    private static string Quoted(string text, ref int at)
    {
        var word = new StringBuilder();
        for (at++; at < text.Length - 1 && text[at] != '"'; at++)
        {
            at += text[at] == '\\' ? 1 : 0;
            word.Append(text[at]);
        }

        at++;
        return word.ToString();
    }

    // The text of an array or STRUCT inside, up to the brace that ends it.
    private static string Nested(string text, bool hasNames, ref int at)
    {
        int start = at;
        int depth = 0;
        char quote = '\0';
        for (; at < text.Length - 1; at++)
        {
            char next = text[at];
            quote = quote == next ? '\0'
                : quote == '\0' && (next == '"' || (next == '\'' && hasNames)) ? next
                : quote;
            at += next == '\\' ? 1 : 0;
            depth += quote != '\0' ? 0 : next == '{' ? 1 : next == '}' ? -1 : 0;
            if (depth == 0)
            {
                at++;
                break;
            }
        }

        return text[start..at];
    }

    // A brace inside is left for the error where there are no arrays of arrays.
    private static string Bare(string text, ref int at)
    {
        var word = new StringBuilder();
        while (at < text.Length - 1 && text[at] is not (',' or '{' or '}' or '"'))
        {
            at += text[at] == '\\' ? 1 : 0;
            word.Append(text[at++]);
        }

        return word.ToString().TrimEnd();
    }

    private static void SkipBlanks(string text, ref int at)
    {
        while (at < text.Length - 1 && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private static bool NeedsQuotes(string element) =>
        element.Length == 0
        || element.Equals("NULL", StringComparison.OrdinalIgnoreCase)
        || element.AsSpan().IndexOfAny(Special) >= 0;
}
