using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Reads the options of sequences, which are words and numbers to the grammar.</summary>
internal sealed class SequenceBuilder
{
    private readonly List<SqlToken> _tokens = [];
    private readonly SqlToken _before;
    private int _next;

    private SequenceBuilder(NeuroSql.SequenceWordContext[] words)
    {
        foreach (NeuroSql.SequenceWordContext word in words)
        {
            if (word.qualifiedName() is { } name)
            {
                foreach (NeuroSql.NameContext part in name.name())
                {
                    _tokens.Add((SqlToken)part.Start);
                }
            }
            else
            {
                _tokens.Add((SqlToken)word.Start);
                if (word.INTEGER_NUMBER() is { } number && number.Symbol != word.Start)
                {
                    _tokens.Add((SqlToken)number.Symbol);
                }
            }
        }

        _before = _tokens.Count > 0 ? _tokens[^1] : null!;
    }

    private bool IsAtEnd => _next >= _tokens.Count;

    /// <summary>The options of the words.</summary>
    public static SequenceOptions Build(NeuroSql.SequenceWordContext[] words)
    {
        var builder = new SequenceBuilder(words);
        var options = new SequenceOptions();
        while (!builder.IsAtEnd)
        {
            options = builder.Next(options);
        }

        return options;
    }

    private SequenceOptions Next(SequenceOptions options)
    {
        SqlToken word = _tokens[_next++];
        switch (Text(word))
        {
            case "INCREMENT":
                Skip("BY");
                return options with { Increment = Number() };
            case "START":
                Skip("WITH");
                return options with { Start = Number() };
            case "RESTART":
                Skip("WITH");
                return IsNumber()
                    ? options with { Restart = Number() }
                    : options with { IsRestart = true };
            case "MINVALUE":
                return options with { Minimum = Number() };
            case "MAXVALUE":
                return options with { Maximum = Number() };
            case "CACHE":
                Number();
                return options;
            case "CYCLE":
                return options with { IsCycle = true };
            case "AS":
                _next++;
                return options;
            case "OWNED":
                Skip("BY");
                while (!IsAtEnd && !IsOption(_tokens[_next]))
                {
                    _next++;
                }

                return options;
            case "NO" when !IsAtEnd:
                return Text(_tokens[_next++]) switch
                {
                    "CYCLE" => options with { IsCycle = false },
                    "MINVALUE" => options with { Minimum = null },
                    "MAXVALUE" => options with { Maximum = null },
                    _ => throw SyntaxErrors.Expected(word, "NO CYCLE, NO MINVALUE or NO MAXVALUE"),
                };
            default:
                throw SyntaxErrors.Expected(word, "an option of a sequence, such as START WITH");
        }
    }

    private static bool IsOption(SqlToken token) => Text(token) is "INCREMENT" or "START"
        or "RESTART" or "MINVALUE" or "MAXVALUE" or "CACHE" or "CYCLE" or "NO" or "AS";

    private static string Text(SqlToken token) => token.Text.ToUpperInvariant();

    private void Skip(string word)
    {
        if (!IsAtEnd && Text(_tokens[_next]) == word)
        {
            _next++;
        }
    }

    private bool IsNumber() => !IsAtEnd
        && _tokens[_next].Type is NeuroSql.INTEGER_NUMBER or NeuroSql.PLUS or NeuroSql.MINUS;

    private long Number()
    {
        bool isNegative = !IsAtEnd && _tokens[_next].Type == NeuroSql.MINUS;
        if (!IsAtEnd && _tokens[_next].Type is NeuroSql.MINUS or NeuroSql.PLUS)
        {
            _next++;
        }

        SqlToken token = IsAtEnd ? _before : _tokens[_next++];
        return token.Type == NeuroSql.INTEGER_NUMBER
            && long.TryParse((isNegative ? "-" : "") + token.Text, out long value)
            ? value
            : throw SyntaxErrors.Expected(token, "a whole number of 64 bits");
    }
}
