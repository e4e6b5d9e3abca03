using Antlr4.Runtime;

namespace NeuroDb.Query;

/// <summary>
/// One token: a span of the script. Its text is cut out only when asked for, so that a long
/// literal costs nothing until it is used.
/// </summary>
internal sealed class SqlToken : IToken
{
    private readonly string _source;

    public SqlToken(string source, int type, int start, int stop, int line, int column)
    {
        Invariant.Check(start >= 0 && stop >= start - 1 && stop < source.Length);
        _source = source;
        Type = type;
        StartIndex = start;
        StopIndex = stop;
        Line = line;
        Column = column;
    }

    public int Type { get; }

    /// <summary>The offset of the first character.</summary>
    public int StartIndex { get; }

    /// <summary>The offset of the last character; before the first if there is no text.</summary>
    public int StopIndex { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column, from 1.</summary>
    public int Column { get; }

    public int TokenIndex { get; init; }

    /// <summary>The number of a parameter, from 1.</summary>
    public int ParameterNumber { get; set; }

    /// <summary>The name that IDENTIFIER(..) stands for; null for all other tokens.</summary>
    public string? Name { get; set; }

    /// <summary>The characters as written.</summary>
    public ReadOnlySpan<char> Span =>
        _source.AsSpan(StartIndex, StopIndex - StartIndex + 1);

    public string Text => Span.ToString();

    int IToken.Channel => Lexer.DefaultTokenChannel;

    ITokenSource IToken.TokenSource => null!;

    ICharStream IToken.InputStream => null!;

    /// <summary>Where the token stands.</summary>
    public SourcePosition Position => new(Line, Column, StopIndex - StartIndex + 1);

    /// <summary>Whether the token is a name in quotes.</summary>
    public bool IsQuotedName =>
        StopIndex > StartIndex && _source[StartIndex] is '"' or '[' or '`';

    /// <summary>The name that an identifier or a keyword spells, without quotes.</summary>
    public string NameText()
    {
        if (Name is not null)
        {
            return Name;
        }

        if (!IsQuotedName)
        {
            return Text;
        }

        string inner = _source.Substring(StartIndex + 1, StopIndex - StartIndex - 1);
        return _source[StartIndex] switch
        {
            '"' => inner.Replace("\"\"", "\"", StringComparison.Ordinal),
            '`' => inner.Replace("``", "`", StringComparison.Ordinal),
            _ => inner,
        };
    }

    /// <summary>The same token of another type.</summary>
    public SqlToken WithType(int type) =>
        new(_source, type, StartIndex, StopIndex, Line, Column)
        {
            TokenIndex = TokenIndex,
            ParameterNumber = ParameterNumber,
            Name = Name,
        };

    /// <summary>The text that a text literal stands for.</summary>
    public string StringText()
    {
        char start = _source[StartIndex];
        if (start == '$')
        {
            int tag = _source.IndexOf('$', StartIndex + 1) + 1;
            return _source[tag..(StopIndex + 1 - (tag - StartIndex))];
        }

        bool isEscaped = start is 'e' or 'E';
        int first = isEscaped || start is 'n' or 'N' ? StartIndex + 2 : StartIndex + 1;
        ReadOnlySpan<char> inner = _source.AsSpan(first, StopIndex - first);
        if (isEscaped && inner.Contains('\\'))
        {
            return EscapedText.Of(inner, Position);
        }

        string text = inner.ToString();
        return text.Contains('\'', StringComparison.Ordinal)
            ? text.Replace("''", "'", StringComparison.Ordinal)
            : text;
    }
}
