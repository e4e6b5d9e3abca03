using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuroDb.Query;

/// <summary>
/// Functions that make changed JSON: SQLite's json_set, json_insert, json_replace, json_remove and
/// json_patch (RFC 7396), PostgreSQL's jsonb_set and its operators with paths and containment.
/// </summary>
internal static class JsonChangeFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("json_set", 3, int.MaxValue, call => Change(call, inserts: true, replaces: true)),
        new("json_insert", 3, int.MaxValue, call => Change(call, inserts: true, replaces: false)),
        new("json_replace", 3, int.MaxValue, call => Change(call, inserts: false, replaces: true)),
        new("json_remove", 2, int.MaxValue, Remove),
        new("json_patch", 2, 2, call => Of(call, static (left, right) =>
            Text(Patch(Parse(left), Parse(right))))),
        new("jsonb_set", 3, 4, SetAt),
        new("#>", 2, 2, call => Of(call, static (json, path) =>
            JsonPlaces.Find(Parse(json), JsonPlaces.Split(path), out JsonNode? node)
                ? Text(node)
                : null)),
        new("#>>", 2, 2, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string>(static (json, path) =>
                JsonPlaces.Find(Parse(json), JsonPlaces.Split(path), out JsonNode? node)
                    ? Plain(node)!
                    : null!),
            [call.Text(0), call.Text(1)])),
        new("@>", 2, 2, Contains),
        new("<@", 2, 2, static call => Contains(call with
        {
            Arguments = [call.Arguments[1], call.Arguments[0]],
        })),
        new("jsonb_insert", 3, 4, InsertAt),
        new("json_pretty", 1, 1, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string>(static json =>
                Parse(json)?.ToJsonString(JsonPlaces.Indented) ?? "null"),
            [call.Text(0)])),
        new("json_strip_nulls", 1, 1, static call => call.Make(
            DataType.Json,
            RowLoops.Of<string, string>(static json => Text(JsonPlaces.Stripped(Parse(json)))),
            [call.Text(0)])),
        new("jsonb_exists", 2, 2, call => Test(call, static (json, name) =>
            JsonPlaces.Has(Parse(json), name))),
        new("json_extract_path", 2, int.MaxValue, AtPath),
        Alias("jsonb_extract_path", "json_extract_path"),
        Alias("jsonb_pretty", "json_pretty"),
        Alias("jsonb_strip_nulls", "json_strip_nulls"),
        Alias("json_contains", "@>"),
        new("jsonb_typeof", 1, 1, KindOf),
        new("json_typeof", 1, 1, KindOf),
        Alias("jsonb_array_length", "json_array_length"),
        Alias("jsonb_build_array", "json_array"),
        Alias("json_build_array", "json_array"),
        Alias("jsonb_build_object", "json_object"),
        Alias("json_build_object", "json_object"),
        Alias("to_json", "json_quote", DataType.Json),
        Alias("to_jsonb", "json_quote", DataType.Json),
    ];

    // PostgreSQL's names of the kinds; json_type has SQLite's.
    private static Expression KindOf(FunctionCall call) => call.Make(
        DataType.Text,
        RowLoops.Of<string, string>(static json => Parse(json)?.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => "null",
        }),
        [call.Text(0)]);

    private static Expression Contains(FunctionCall call) =>
        call.Arguments.Any(argument => argument.Type.Kind == TypeKind.Array)
            ? ArrayFunctions.Contains(call)
            : Test(call, static (left, right) =>
                JsonPlaces.Contains(Parse(left), Parse(right)));

    /// <summary>JSON text as a tree; an error says what is wrong with it.</summary>
    public static JsonNode? Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Tree(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(text)}' is not JSON: {error.Message}",
                innerException: error);
        }
    }

    // Of equal names the last counts.
    private static JsonNode? Tree(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    members[member.Name] = Tree(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Tree)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    /// <summary>A tree as text.</summary>
    public static string Text(JsonNode? node) =>
        node?.ToJsonString(JsonPlaces.Relaxed) ?? "null";

    /// <summary>A text without its quotes, NULL for null, others as JSON.</summary>
    public static string? Plain(JsonNode? node) => node is JsonValue value
        && value.TryGetValue(out string? text)
        ? text
        : node is null ? null : Text(node);

    private static FunctionDefinition Alias(string name, string other, DataType? type = null) =>
        new(name, 0, int.MaxValue, call =>
        {
            Expression made = FunctionRegistry.Bind(other, call.Arguments, call.Position);
            return type is DataType known
                ? ExpressionFactory.Cast(made, known, call.Position)
                : made;
        });

    private static Expression Of(FunctionCall call, Func<string, string, string?> function) =>
        call.Make(
            DataType.Json,
            RowLoops.Of<string, string, string>((left, right) => function(left, right)!),
            [call.Text(0), call.Text(1)]);

    private static Expression Test(FunctionCall call, Func<string, string, bool> function) =>
        call.Make(
            DataType.Boolean,
            RowLoops.Of<string, string, long>((left, right) => function(left, right) ? 1 : 0),
            [call.Text(0), call.Text(1)]);

    // Pairs of a path and a value: text stays text, JSON is put in as what it is.
    private static Expression Change(FunctionCall call, bool inserts, bool replaces)
    {
        if (call.Count % 2 == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"{call.Name} takes JSON and then pairs of a path and a value.",
                call.Position);
        }

        bool[] isJson = [.. call.Arguments.Select(
            static argument => argument.Type.Kind == TypeKind.Json)];
        return call.Make(
            DataType.Json,
            (arguments, run) => Rows(arguments, run, (row, values) =>
            {
                if (values[0].IsNull)
                {
                    return null;
                }

                JsonNode? root = Parse(ValueText.Format(values[0]));
                for (int i = 1; i < values.Length; i += 2)
                {
                    if (!values[i].IsNull)
                    {
                        root = JsonPlaces.Put(
                            root,
                            JsonPlaces.SplitPath(ValueText.Format(values[i])),
                            NodeOf(values[i + 1], isJson[i + 1]),
                            inserts,
                            replaces);
                    }
                }

                return Text(root);
            }),
            call.Arguments);
    }

    private static Expression Remove(FunctionCall call) => call.Make(
        DataType.Json,
        (arguments, run) => Rows(arguments, run, (row, values) =>
        {
            if (Array.Exists(values, static value => value.IsNull))
            {
                return null;
            }

            JsonNode? root = Parse(ValueText.Format(values[0]));
            foreach (Value path in values.AsSpan(1))
            {
                JsonPlaces.Remove(root, JsonPlaces.SplitPath(ValueText.Format(path)));
            }

            return Text(root);
        }),
        call.Arguments);

    private static Expression SetAt(FunctionCall call) => call.Make(
        DataType.Json,
        (arguments, run) => Rows(arguments, run, (row, values) =>
            Array.Exists(values, static value => value.IsNull)
                ? null
                : Text(JsonPlaces.Put(
                    Parse(ValueText.Format(values[0])),
                    JsonPlaces.Split(ValueText.Format(values[1])),
                    Parse(ValueText.Format(values[2])),
                    inserts: values.Length < 4 || values[3].AsBoolean(),
                    replaces: true))),
        call.Count == 4
            ? [.. call.Arguments.Take(3), call.As(3, DataType.Boolean)]
            : call.Arguments);

    private static Expression InsertAt(FunctionCall call) => call.Make(
        DataType.Json,
        (arguments, run) => Rows(arguments, run, (row, values) =>
            Array.Exists(values, static value => value.IsNull)
                ? null
                : Text(JsonPlaces.Insert(
                    Parse(ValueText.Format(values[0])),
                    JsonPlaces.Split(ValueText.Format(values[1])),
                    Parse(ValueText.Format(values[2])),
                    isBehind: values.Length > 3 && values[3].AsBoolean()))),
        call.Count == 4
            ? [.. call.Arguments.Take(3), call.As(3, DataType.Boolean)]
            : call.Arguments);

    // The steps are the arguments: json_extract_path (x, 'a', '0').
    private static Expression AtPath(FunctionCall call) => call.Make(
        DataType.Json,
        (arguments, run) => Rows(arguments, run, (row, values) =>
            !Array.Exists(values, static value => value.IsNull)
            && JsonPlaces.Find(
                Parse(ValueText.Format(values[0])),
                [.. values.Skip(1).Select(ValueText.Format)],
                out JsonNode? node)
                ? Text(node)
                : null),
        [.. call.Arguments.Select((_, i) => call.Text(i))]);

    private static ColumnBuffer Rows(
        ColumnBuffer[] arguments, FunctionRun run, Func<int, Value[], string?> make)
    {
        ColumnBuilder builder = ColumnBuilder.Create(run.Type, run.Count);
        for (int row = 0; row < run.Count; row++)
        {
            Value[] values = [.. arguments.Select(
                argument => argument.GetValue(argument.Count == 1 ? 0 : row))];
            builder.Append(make(row, values) is { } text ? Value.OfJson(text) : Value.Null);
        }

        return builder.Build();
    }

    private static JsonNode? NodeOf(Value value, bool isJson)
    {
        if (value.IsNull)
        {
            return null;
        }

        return value.Kind switch
        {
            _ when isJson => Parse(ValueText.Format(value)),
            TypeKind.Boolean => JsonValue.Create(value.AsBoolean()),
            TypeKind.Integer or TypeKind.BigInt => JsonValue.Create(value.AsInt64()),
            TypeKind.Real or TypeKind.Double => JsonValue.Create(value.AsDouble()),
            TypeKind.Decimal => JsonValue.Create(value.AsDecimal()),
            _ => JsonValue.Create(ValueText.Format(value)),
        };
    }

    private static JsonNode? Patch(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        JsonObject result = target is JsonObject known
            ? (JsonObject)known.DeepClone()
            : [];
        foreach ((string name, JsonNode? value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Patch(result[name], value);
            }
        }

        return result;
    }
}
