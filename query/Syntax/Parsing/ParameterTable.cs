namespace NeuroDb.Query;

/// <summary>
/// The parameters of one statement, numbered in the order of its text, and which of them stand for
/// names: IDENTIFIER(?). The scanner fills it.
/// </summary>
internal sealed class ParameterTable
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<int> _nameNumbers = [];

    /// <summary>The highest number so far.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers of the parameters that stand for names, ascending.</summary>
    public IReadOnlyList<int> NameNumbers => [.. _nameNumbers];

    /// <summary>The names of the parameters by number - 1; empty texts for those without.</summary>
    public IReadOnlyList<string> Names()
    {
        if (Count == 0)
        {
            return [];
        }

        var names = new string[Count];
        Array.Fill(names, "");
        foreach ((string name, int number) in _numbers)
        {
            names[number - 1] = name;
        }

        return names;
    }

    /// <summary>Notes that a parameter stands for a name.</summary>
    public void NoteName(int number) => _nameNumbers.Add(number);

    /// <summary>The number of a parameter as written: ?, ?1, $1, $name, @name or :name.</summary>
    public int NumberOf(ReadOnlySpan<char> token, SourcePosition position)
    {
        ReadOnlySpan<char> name = token[1..];
        if (name.Length == 0)
        {
            return Checked(Count + 1, position);
        }

        if (token[0] is '?' or '$' && char.IsAsciiDigit(name[0]))
        {
            return int.TryParse(name, out int number) && number >= 1
                ? Checked(number, position)
                : throw SyntaxErrors.At(
                    position, $"a parameter number is from 1 to {Limits.ParameterCountMax}");
        }

        if (token[0] == '?')
        {
            throw SyntaxErrors.At(position, "a parameter '?' takes a number, not a name");
        }

        string text = name.ToString();
        if (!_numbers.TryGetValue(text, out int known))
        {
            known = Checked(Count + 1, position);
            _numbers.Add(text, known);
        }

        return known;
    }

    /// <summary>The name of a parameter; empty for those without.</summary>
    public static string NameOf(ReadOnlySpan<char> token) =>
        token.Length > 1 && !char.IsAsciiDigit(token[1]) ? token[1..].ToString() : "";

    private int Checked(int number, SourcePosition position)
    {
        if (number > Limits.ParameterCountMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"Parameter number {number} is beyond the most, {Limits.ParameterCountMax}.",
                position);
        }

        Count = Math.Max(Count, number);
        return number;
    }
}
