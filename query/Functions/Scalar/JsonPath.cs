using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// Reads one element of JSON text by a path such as '$.a."b c"[0]'; [#-1] counts from the end.
/// A path that leads nowhere gives null.
/// </summary>
internal static class JsonPath
{
    /// <summary>An element: a string without quotes, others as JSON text.</summary>
    public static string? Text(string text, string path) =>
        Read(text, path, element => element.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => element.GetString(),
            _ => element.GetRawText(),
        });

    /// <summary>An element as JSON text.</summary>
    public static string? Json(string text, string path) =>
        Read(text, path, element => element.GetRawText());

    /// <summary>The name of an element's type, as in SQLite.</summary>
    public static string? TypeOf(string text, string path) =>
        Read(text, path, element => element.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "text",
            JsonValueKind.Number => element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0
                ? "integer"
                : "real",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        });

    /// <summary>The elements of an array; 0 for what is none.</summary>
    public static long? ArrayLength(string text, string path)
    {
        long? length = null;
        _ = Read(text, path, element =>
        {
            length = element.ValueKind == JsonValueKind.Array ? element.GetArrayLength() : 0;
            return null;
        });
        return length;
    }

    /// <summary>Reads a document, or raises an error that says what is wrong with it.</summary>
    public static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(text)}' is not JSON: {error.Message}",
                innerException: error);
        }
    }

    private static string? Read(string text, string path, Func<JsonElement, string?> take)
    {
        using JsonDocument document = Parse(text);
        JsonElement element = document.RootElement;
        ReadOnlySpan<char> rest = path.AsSpan().Trim();
        if (rest.IsEmpty || rest[0] != '$')
        {
            throw Invalid(path);
        }

        rest = rest[1..];
        while (!rest.IsEmpty)
        {
            bool found = rest[0] == '.'
                ? TryMember(ref element, ref rest, path)
                : TryPlace(ref element, ref rest, path);
            if (!found)
            {
                return null;
            }
        }

        return take(element);
    }

    private static bool TryMember(
        ref JsonElement element, ref ReadOnlySpan<char> rest, string path)
    {
        rest = rest[1..];
        ReadOnlySpan<char> name;
        if (!rest.IsEmpty && rest[0] == '"')
        {
            int close = rest[1..].IndexOf('"');
            name = close < 0 ? throw Invalid(path) : rest.Slice(1, close);
            rest = rest[(close + 2)..];
        }
        else
        {
            int end = rest.IndexOfAny('.', '[');
            name = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[end..];
            if (name.IsEmpty)
            {
                throw Invalid(path);
            }
        }

        return element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(name, out element);
    }

    private static bool TryPlace(
        ref JsonElement element, ref ReadOnlySpan<char> rest, string path)
    {
        int close = rest.IndexOf(']');
        if (rest[0] != '[' || close < 0)
        {
            throw Invalid(path);
        }

        ReadOnlySpan<char> digits = rest[1..close];
        rest = rest[(close + 1)..];
        bool isFromEnd = digits.StartsWith("#");
        if (!int.TryParse(isFromEnd ? digits[1..] : digits, out int place))
        {
            throw Invalid(path);
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        // A negative place counts from the end too: what ->> takes in PostgreSQL.
        int length = element.GetArrayLength();
        place += isFromEnd || place < 0 ? length : 0;
        if (place < 0 || place >= length)
        {
            return false;
        }

        element = element[place];
        return true;
    }

    private static NeuroStoreException Invalid(string path) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(path)}' is no JSON path; expected is text like '$.a.b[0]'.");
}
