using System.Text;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>The names in a documentation id.</summary>
/// <param name="Kind">T for a type, M method, P property, F field, E event.</param>
/// <param name="Namespace">As in System.IO.</param>
/// <param name="Type">The type without its arity, as in Dictionary.</param>
/// <param name="Member">The member's own name; empty for a type and a constructor.</param>
/// <param name="Display">What a reader expects, as in Dictionary&lt;T1, T2&gt;.Add(T1, T2).</param>
internal sealed record MemberName(
    char Kind, string Namespace, string Type, string Member, string Display)
{
    private const string Constructor = "#ctor";

    /// <summary>Reads a documentation id.</summary>
    public static MemberName Parse(string id)
    {
        int open = id.IndexOf('(', StringComparison.Ordinal);
        string path = open < 0 ? id[2..] : id[2..open];
        int last = path.LastIndexOf('.');
        bool isType = id[0] == 'T';
        string typePath = isType ? path : path[..Math.Max(last, 0)];
        string member = isType ? "" : path[(last + 1)..];
        int typeStart = typePath.LastIndexOf('.') + 1;
        string type = typePath[typeStart..];
        string parameters = open < 0 ? "" : Parameters(id[open..]);
        string display = member switch
        {
            "" => Generic(type),
            Constructor => $"new {Generic(type)}{(open < 0 ? "()" : parameters)}",
            _ when id[0] == 'M' => $"{Generic(type)}.{Generic(member)}"
                + (open < 0 ? "()" : parameters),
            _ => $"{Generic(type)}.{Generic(member)}{parameters}",
        };

        return new MemberName(
            id[0],
            typeStart == 0 ? "" : typePath[..(typeStart - 1)],
            WithoutArity(type),
            member == Constructor ? "" : WithoutArity(member),
            display);
    }

    /// <summary>The short name of a reference such as T:System.IO.Stream: Stream.</summary>
    public static string ShortNameOf(string reference)
    {
        if (reference.Length < 2 || reference[1] != ':')
        {
            return reference;
        }

        MemberName name = Parse(reference);
        return name.Member.Length == 0 ? name.Type : $"{name.Type}.{name.Member}";
    }

    private static string WithoutArity(string name)
    {
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        string plain = tick < 0 ? name : name[..tick];
        return plain.Replace('#', '.');
    }

    // List`1 -> List<T>, Select``2 -> Select<T1, T2>
    private static string Generic(string name)
    {
        int tick = name.LastIndexOf('`');
        if (tick < 0 || !int.TryParse(name.AsSpan(tick + 1), out int count))
        {
            return WithoutArity(name);
        }

        IEnumerable<string> arguments = Enumerable.Range(1, count).Select(i => $"T{i}");
        return $"{WithoutArity(name)}<{(count == 1 ? "T" : string.Join(", ", arguments))}>";
    }

    // (System.Collections.Generic.IEnumerable{``0},System.Int32) -> (IEnumerable<T>, Int32)
    private static string Parameters(string list)
    {
        int result = list.IndexOf('~', StringComparison.Ordinal);
        list = result < 0 ? list : list[..result];
        var text = new StringBuilder();
        int wordStart = 0;
        for (int i = 0; i < list.Length; i++)
        {
            char unit = list[i];
            switch (unit)
            {
                case '.':
                    text.Length = wordStart;
                    continue;
                case '`':
                    i += AppendTypeParameter(text, list, i);
                    continue;
                case '@':
                    continue;
                default:
                    text.Append(unit switch { '{' => '<', '}' => '>', _ => unit });
                    break;
            }

            if (unit == ',')
            {
                text.Append(' ');
            }

            if (!char.IsLetterOrDigit(unit) && unit != '_')
            {
                wordStart = text.Length;
            }
        }

        return text.ToString();
    }

    // Answers how many units after the first tick belong to the parameter.
    private static int AppendTypeParameter(StringBuilder text, string list, int start)
    {
        int end = start;
        while (end < list.Length && list[end] == '`')
        {
            end++;
        }

        int digits = end;
        while (end < list.Length && char.IsAsciiDigit(list[end]))
        {
            end++;
        }

        text.Append('T');
        if (int.TryParse(list.AsSpan(digits, end - digits), out int ordinal) && ordinal > 0)
        {
            text.Append(ordinal + 1);
        }

        return end - start - 1;
    }
}
