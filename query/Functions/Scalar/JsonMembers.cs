using System.Globalization;
using System.Text.Json.Nodes;

namespace NeuroDb.Query;

/// <summary>PostgreSQL's || and - of JSON: objects merged, arrays joined, members left out.
/// </summary>
internal static class JsonMembers
{
    /// <summary>a || b: of equal names the right side counts; what is no object is an element.
    /// </summary>
    public static Expression Concatenate(FunctionCall call) => call.Make(
        DataType.Json,
        RowLoops.Of<string, string, string>(static (left, right) =>
            JsonChangeFunctions.Text(Joined(
                JsonChangeFunctions.Parse(left), JsonChangeFunctions.Parse(right)))),
        call.Arguments);

    /// <summary>a - 'name', a - place, a - ARRAY['name', ..].</summary>
    public static Expression Without(FunctionCall call)
    {
        DataType type = call.TypeOf(1);
        bool isPlace = type.IsInteger;
        bool isList = type.Kind == TypeKind.Array;
        return ArrayFunctions.Each(
            call,
            DataType.Json,
            [call.Arguments[0], isList ? call.Arguments[1] : call.Text(1)],
            row =>
            {
                JsonNode? root = JsonChangeFunctions.Parse(ValueText.Format(row[0]));
                IEnumerable<Value> names = isList
                    ? ArrayCodec.Decode(row[1].AsBlob())
                    : [row[1]];
                foreach (Value name in names.Where(static name => !name.IsNull))
                {
                    Remove(root, ValueText.Format(name), isPlace);
                }

                return Value.OfJson(JsonChangeFunctions.Text(root));
            });
    }

    private static void Remove(JsonNode? root, string name, bool isPlace)
    {
        if (root is JsonObject members)
        {
            members.Remove(name);
        }
        else if (root is JsonArray elements)
        {
            if (isPlace)
            {
                int place = (int)Math.Clamp(
                    long.Parse(name, CultureInfo.InvariantCulture), -1L - elements.Count,
                    elements.Count);
                place += place < 0 ? elements.Count : 0;
                if (place >= 0 && place < elements.Count)
                {
                    elements.RemoveAt(place);
                }
            }
            else
            {
                elements.RemoveAll(element => element is JsonValue value
                    && value.TryGetValue(out string? text) && text == name);
            }
        }
    }

    private static JsonNode? Joined(JsonNode? left, JsonNode? right)
    {
        if (left is JsonObject target && right is JsonObject source)
        {
            foreach ((string name, JsonNode? value) in source)
            {
                target[name] = value?.DeepClone();
            }

            return target;
        }

        var joined = new JsonArray();
        foreach (JsonNode? side in new[] { left, right })
        {
            if (side is JsonArray elements)
            {
                foreach (JsonNode? element in elements)
                {
                    joined.Add(element?.DeepClone());
                }
            }
            else
            {
                joined.Add(side?.DeepClone());
            }
        }

        return joined;
    }
}
