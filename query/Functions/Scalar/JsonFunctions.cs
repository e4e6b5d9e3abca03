using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// Functions of JSON text: paths are '$.a.b[0]'. A path that leads nowhere gives NULL.
/// </summary>
internal static class JsonFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("json_valid", 1, 1, call => call.Make(
            DataType.Boolean,
            RowLoops.Of<string, long>(text => IsValid(text) ? 1 : 0),
            [call.Text(0)])),
        new("json_extract", 2, 2, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string>((text, path) => Extract(text, path)!),
            [call.Text(0), call.Text(1)])),
        new("json_array_length", 1, 1, call => call.Make(
            DataType.BigInt, RowLoops.Of<string, long>(ArrayLength), [call.Text(0)])),
    ];

    private static bool IsValid(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The element at a path: a string without quotes, others as JSON text.</summary>
    private static string? Extract(string text, string path)
    {
        using JsonDocument document = Parse(text);
        JsonElement element = document.RootElement;
        ReadOnlySpan<char> rest = path.AsSpan().Trim();
        if (rest.IsEmpty || rest[0] != '$')
        {
            throw InvalidPath(path);
        }

        rest = rest[1..];
        while (!rest.IsEmpty)
        {
            if (!TryStep(ref element, ref rest, path))
            {
                return null;
            }
        }

        return element.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => element.GetString(),
            _ => element.GetRawText(),
        };
    }

    private static bool TryStep(
        ref JsonElement element, ref ReadOnlySpan<char> rest, string path)
    {
        if (rest[0] == '.')
        {
            rest = rest[1..];
            int end = rest.IndexOfAny('.', '[');
            ReadOnlySpan<char> name = (end < 0 ? rest : rest[..end]).Trim('"');
            rest = end < 0 ? default : rest[end..];
            return !name.IsEmpty
                ? element.ValueKind == JsonValueKind.Object
                    && element.TryGetProperty(name, out element)
                : throw InvalidPath(path);
        }

        int close = rest.IndexOf(']');
        if (rest[0] != '[' || close < 0 || !int.TryParse(rest[1..close], out int ordinal))
        {
            throw InvalidPath(path);
        }

        rest = rest[(close + 1)..];
        if (element.ValueKind != JsonValueKind.Array
            || ordinal < 0 || ordinal >= element.GetArrayLength())
        {
            return false;
        }

        element = element[ordinal];
        return true;
    }

    private static long ArrayLength(string text)
    {
        using JsonDocument document = Parse(text);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? document.RootElement.GetArrayLength()
            : 0;
    }

    private static JsonDocument Parse(string text)
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

    private static NeuroStoreException InvalidPath(string path) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(path)}' is no JSON path; expected is text like '$.a.b[0]'.");
}
