using System.Globalization;
using System.Text;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// Gives the nameless type parameters of a documentation id names: T for those of the type, U for
/// those of a generic method in a generic type, numbered where there are several.
/// </summary>
internal sealed class TypeParameterNames
{
    private readonly int _typeArity;
    private readonly int _memberArity;

    /// <summary>Takes names with their arity, as in Dictionary`2 and Select``1.</summary>
    public TypeParameterNames(string type, string member)
    {
        _typeArity = ArityOf(type);
        _memberArity = ArityOf(member);
        Type = Strip(type) + ListOf(_typeArity, isMember: false);
        Member = Strip(member) + ListOf(_memberArity, isMember: true);
    }

    /// <summary>The type, as in Dictionary&lt;T1, T2&gt;.</summary>
    public string Type { get; }

    /// <summary>The member, as in Select&lt;T&gt;.</summary>
    public string Member { get; }

    /// <summary>A name without its arity.</summary>
    public static string Strip(string name)
    {
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : name[..tick];
    }

    /// <summary>
    /// A parameter list without namespaces, as in (IEnumerable&lt;T&gt;, Int32), from
    /// (System.Collections.Generic.IEnumerable{``0},System.Int32).
    /// </summary>
    public string Parameters(string list)
    {
        var text = new StringBuilder();
        int wordStart = 0;
        for (int i = 0; i < list.Length && list[i] != '~'; i++)
        {
            char unit = list[i];
            if (unit == '.')
            {
                text.Length = wordStart;
            }
            else if (unit == '`')
            {
                i = AppendName(text, list, i) - 1;
            }
            else if (unit != '@')
            {
                text.Append(unit switch { '{' => '<', '}' => '>', _ => unit });
                text.Append(unit == ',' ? " " : "");
                wordStart = char.IsLetterOrDigit(unit) || unit == '_' ? wordStart : text.Length;
            }
        }

        return text.ToString();
    }

    // `0 is the type's first parameter, ``0 the member's; answers where it ends.
    private int AppendName(StringBuilder text, string list, int start)
    {
        bool isMember = start + 1 < list.Length && list[start + 1] == '`';
        int digits = isMember ? start + 2 : start + 1;
        int end = digits;
        while (end < list.Length && char.IsAsciiDigit(list[end]))
        {
            end++;
        }

        bool isKnown = int.TryParse(list.AsSpan(digits, end - digits), out int ordinal);
        text.Append(isKnown ? NameOf(ordinal, isMember) : "T");
        return end;
    }

    private string NameOf(int ordinal, bool isMember)
    {
        char letter = isMember && _typeArity > 0 ? 'U' : 'T';
        int arity = isMember ? _memberArity : _typeArity;
        return arity <= 1 ? $"{letter}" : $"{letter}{ordinal + 1}";
    }

    private string ListOf(int arity, bool isMember) => arity == 0
        ? ""
        : $"<{string.Join(", ", Enumerable.Range(0, arity).Select(i => NameOf(i, isMember)))}>";

    private static int ArityOf(string name)
    {
        ReadOnlySpan<char> digits = name.AsSpan(name.LastIndexOf('`') + 1);
        bool hasArity = digits.Length < name.Length;
        return hasArity && int.TryParse(
            digits, NumberStyles.None, CultureInfo.InvariantCulture, out int arity)
            ? arity
            : 0;
    }
}
