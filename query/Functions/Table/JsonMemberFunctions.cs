using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>Table functions of PostgreSQL over JSON: elements, members and their names.</summary>
internal static class JsonMemberFunctions
{
    /// <summary>json_array_elements (json), and with texts json_array_elements_text.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindElements(
        FunctionCall call)
    {
        bool isText = call.Name.EndsWith("_text", StringComparison.Ordinal);
        return Make(
            call,
            [("value", isText ? DataType.Text : DataType.Json)],
            root => root.ValueKind == JsonValueKind.Array
                ? root.EnumerateArray().Select(item => new[] { ValueOf(item, isText) })
                : throw WrongKind(call, "an array"));
    }

    /// <summary>jsonb_each (json), and with texts json_each_text.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindMembers(
        FunctionCall call)
    {
        bool isText = call.Name.EndsWith("_text", StringComparison.Ordinal);
        return Make(
            call,
            [("key", DataType.Text), ("value", isText ? DataType.Text : DataType.Json)],
            root => Members(call, root).Select(member =>
                new[] { Value.Of(member.Name), ValueOf(member.Value, isText) }));
    }

    /// <summary>json_object_keys (json).</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindKeys(
        FunctionCall call) => Make(
            call,
            [(call.Name, DataType.Text)],
            root => Members(call, root).Select(member => new[] { Value.Of(member.Name) }));

    private static (TableFunction, IReadOnlyList<Expression>) Make(
        FunctionCall call,
        IReadOnlyList<(string, DataType)> columns,
        Func<JsonElement, IEnumerable<Value[]>> rows)
    {
        if (call.Count != 1)
        {
            throw TableFunctionRegistry.WrongCount(call, "1");
        }

        return (
            new TableFunction(call.Name, columns, values => Rows(values, rows)),
            [call.As(0, DataType.Json)]);
    }

    private static IEnumerable<Value[]> Rows(
        Value[] values, Func<JsonElement, IEnumerable<Value[]>> rows)
    {
        if (values[0].IsNull)
        {
            yield break;
        }

        using JsonDocument document = JsonDocument.Parse(values[0].AsText());
        foreach (Value[] row in rows(document.RootElement))
        {
            yield return row;
        }
    }

    private static JsonElement.ObjectEnumerator Members(FunctionCall call, JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
            ? root.EnumerateObject()
            : throw WrongKind(call, "an object");

    private static NeuroStoreException WrongKind(FunctionCall call, string expected) => new(
        ErrorCode.InvalidText, $"{call.Name} takes {expected} of JSON.", call.Position);

    private static Value ValueOf(JsonElement element, bool isText) => !isText
        ? Value.OfJson(element.GetRawText())
        : element.ValueKind switch
        {
            JsonValueKind.Null => Value.Null,
            JsonValueKind.String => Value.Of(element.GetString()!),
            _ => Value.Of(element.GetRawText()),
        };
}
