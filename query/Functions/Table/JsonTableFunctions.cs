using System.Globalization;
using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>Table functions over JSON.</summary>
internal static class JsonTableFunctions
{
    /// <summary>json_each (json): the members of an object or the elements of an array.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindEach(
        FunctionCall call)
    {
        if (call.Count != 1)
        {
            throw TableFunctionRegistry.WrongCount(call, "1");
        }

        return (
            new TableFunction(
                call.Name,
                [("key", DataType.Text), ("value", DataType.Text), ("type", DataType.Text)],
                Each),
            [call.As(0, DataType.Json)]);
    }

    private static IEnumerable<Value[]> Each(Value[] values)
    {
        if (values[0].IsNull)
        {
            yield break;
        }

        using JsonDocument document = JsonDocument.Parse(values[0].AsText());
        JsonElement root = document.RootElement;
        switch (root.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in root.EnumerateObject())
                {
                    yield return Row(Value.Of(member.Name), member.Value);
                }

                break;
            case JsonValueKind.Array:
                int number = 0;
                foreach (JsonElement element in root.EnumerateArray())
                {
                    string key = number.ToString(CultureInfo.InvariantCulture);
                    number++;
                    yield return Row(Value.Of(key), element);
                }

                break;
            default:
                yield return Row(Value.Null, root);
                break;
        }
    }

    private static Value[] Row(Value key, JsonElement element)
    {
        string type = element.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "text",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Null => "null",
            _ => element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "integer" : "real",
        };
        Value value = element.ValueKind switch
        {
            JsonValueKind.Null => Value.Null,
            JsonValueKind.String => Value.Of(element.GetString()!),
            _ => Value.Of(element.GetRawText()),
        };
        return [key, value, Value.Of(type)];
    }
}
