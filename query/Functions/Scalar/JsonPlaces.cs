using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuroDb.Query;

/// <summary>Places in JSON trees, as steps of names and numbers.</summary>
internal static class JsonPlaces
{
    /// <summary>Text is written as it is, but for what JSON cannot hold.</summary>
    public static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1000,
    };

    /// <summary>On several lines, four blanks a level.</summary>
    public static readonly JsonSerializerOptions Indented = new(Relaxed)
    {
        WriteIndented = true,
        IndentSize = 4,
        NewLine = "\n",
    };

    /// <summary>The tree without members that are null.</summary>
    public static JsonNode? Stripped(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members.ToList())
            {
                if (value is null)
                {
                    members.Remove(name);
                }
                else
                {
                    Stripped(value);
                }
            }
        }
        else if (node is JsonArray elements)
        {
            foreach (JsonNode? element in elements)
            {
                Stripped(element);
            }
        }

        return node;
    }

    /// <summary>Whether an object has a member, or an array a text, of that name.</summary>
    public static bool Has(JsonNode? node, string name) => node switch
    {
        JsonObject members => members.ContainsKey(name),
        JsonArray elements => elements.Any(element => IsText(element, name)),
        _ => IsText(node, name),
    };

    private static bool IsText(JsonNode? node, string text) => node is JsonValue value
        && value.TryGetValue(out string? own) && own == text;

    /// <summary>A new member, or an element before or behind a place.</summary>
    public static JsonNode? Insert(
        JsonNode? root, string[] steps, JsonNode? value, bool isBehind)
    {
        if (steps.Length == 0 || !Find(root, steps[..^1], out JsonNode? parent))
        {
            return root;
        }

        if (parent is not JsonArray elements)
        {
            return Put(root, steps, value, inserts: true, replaces: false);
        }

        if (int.TryParse(steps[^1], CultureInfo.InvariantCulture, out int place))
        {
            place += place < 0 ? elements.Count : 0;
            elements.Insert(Math.Clamp(place + (isBehind ? 1 : 0), 0, elements.Count), value);
        }

        return root;
    }

    /// <summary>The steps of PostgreSQL's '{a,b,0}'.</summary>
    public static string[] Split(string path)
    {
        string text = path.Trim();
        return text.Length >= 2 && text[0] == '{' && text[^1] == '}'
            ? [.. text[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(static step => step.Trim().Trim('"'))]
            : throw Invalid(path, "'{a,b,0}'");
    }

    /// <summary>The steps of SQLite's '$.a.b[0]'; [#] is behind the end.</summary>
    public static string[] SplitPath(string path)
    {
        if (path.Length == 0 || path[0] != '$')
        {
            throw Invalid(path, "'$.a.b[0]'");
        }

        var steps = new List<string>();
        int at = 1;
        while (at < path.Length)
        {
            char open = path[at++];
            bool isQuoted = open == '.' && at < path.Length && path[at] == '"';
            int end = isQuoted ? path.IndexOf('"', at + 1)
                : open == '[' ? path.IndexOf(']', at)
                : path.IndexOfAny(['.', '['], at);
            if ((end < 0 && (isQuoted || open == '[')) || open is not ('.' or '['))
            {
                throw Invalid(path, "'$.a.b[0]'");
            }

            end = end < 0 ? path.Length : end;
            steps.Add(isQuoted ? path[(at + 1)..end] : path[at..end]);
            at = isQuoted || open == '[' ? end + 1 : end;
        }

        return [.. steps];
    }

    /// <summary>What lies at a place; false if nothing does.</summary>
    public static bool Find(JsonNode? root, string[] steps, out JsonNode? node)
    {
        node = root;
        foreach (string step in steps)
        {
            if (!TryStep(node, step, out node))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The tree with a value at a place, if it may be put there.</summary>
    public static JsonNode? Put(
        JsonNode? root, string[] steps, JsonNode? value, bool inserts, bool replaces)
    {
        if (steps.Length == 0)
        {
            return replaces ? value : root;
        }

        if (!Find(root, steps[..^1], out JsonNode? parent))
        {
            return root;
        }

        string last = steps[^1];
        bool isThere = TryStep(parent, last, out _);
        if (isThere ? !replaces : !inserts)
        {
            return root;
        }

        if (parent is JsonObject members)
        {
            members[last] = value;
        }
        else if (parent is JsonArray elements)
        {
            if (!isThere)
            {
                elements.Add(value);
            }
            else if (TryPlace(elements, last, out int place))
            {
                elements[place] = value;
            }
        }

        return root;
    }

    /// <summary>Removes what lies at a place.</summary>
    public static void Remove(JsonNode? root, string[] steps)
    {
        if (steps.Length == 0 || !Find(root, steps[..^1], out JsonNode? parent))
        {
            return;
        }

        if (parent is JsonObject members)
        {
            members.Remove(steps[^1]);
        }
        else if (parent is JsonArray elements && TryPlace(elements, steps[^1], out int place)
            && place < elements.Count)
        {
            elements.RemoveAt(place);
        }
    }

    /// <summary>
    /// Whether one tree holds another: members of objects by name, elements of arrays anywhere.
    /// </summary>
    public static bool Contains(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (JsonObject a, JsonObject b) => b.All(member =>
            a.TryGetPropertyValue(member.Key, out JsonNode? value)
            && Contains(value, member.Value)),
        (JsonArray a, JsonArray b) => b.All(wanted => a.Any(one => Contains(one, wanted))),
        (JsonArray a, JsonValue) => a.Any(one => Contains(one, right)),
        _ => JsonNode.DeepEquals(left, right),
    };

    private static bool TryStep(JsonNode? node, string step, out JsonNode? next)
    {
        next = null;
        if (node is JsonObject members)
        {
            return members.TryGetPropertyValue(step, out next);
        }

        if (node is not JsonArray elements || !TryPlace(elements, step, out int place)
            || place >= elements.Count)
        {
            return false;
        }

        next = elements[place];
        return true;
    }

    private static bool TryPlace(JsonArray elements, string step, out int place)
    {
        bool isFromEnd = step.StartsWith('#');
        string digits = isFromEnd ? step[1..] : step;
        place = 0;
        if (digits.Length > 0
            && !int.TryParse(digits, CultureInfo.InvariantCulture, out place))
        {
            return false;
        }

        place += isFromEnd || place < 0 ? elements.Count : 0;
        return place >= 0;
    }

    private static NeuroStoreException Invalid(string path, string expected) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(path)}' is no JSON path; expected is text like {expected}.");
}
