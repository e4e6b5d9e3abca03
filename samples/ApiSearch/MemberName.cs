namespace NeuroDb.Samples.ApiSearch;

/// <summary>The names in a documentation id.</summary>
/// <param name="Kind">T for a type, M method, P property, F field, E event.</param>
/// <param name="TypePath">The type in full, as in System.Collections.Generic.List`1.</param>
/// <param name="Type">The type without its arity, as in List.</param>
/// <param name="Member">The member's own name; empty for a type and a constructor.</param>
/// <param name="Display">What a reader expects, as in Dictionary&lt;T1, T2&gt;.Add(T1, T2).</param>
internal sealed record MemberName(
    char Kind, string TypePath, string Type, string Member, string Display)
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
        string type = typePath[(typePath.LastIndexOf('.') + 1)..];
        string member = isType ? "" : path[(last + 1)..];

        // System#Collections#IEnumerable#GetEnumerator implements an interface explicitly.
        member = member == Constructor ? member : member[(member.LastIndexOf('#') + 1)..];
        return new MemberName(
            id[0],
            typePath,
            TypeParameterNames.Strip(type),
            member == Constructor ? "" : TypeParameterNames.Strip(member),
            DisplayOf(id[0], type, member, open < 0 ? "" : id[open..]));
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

    private static string DisplayOf(char kind, string type, string member, string parameters)
    {
        var names = new TypeParameterNames(type, member);
        string list = names.Parameters(parameters);
        string call = kind == 'M' && list.Length == 0 ? "()" : list;
        return member switch
        {
            "" => names.Type,
            Constructor => $"new {names.Type}{call}",
            _ => $"{names.Type}.{names.Member}{call}",
        };
    }
}
