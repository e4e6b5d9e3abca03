using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Quoted names, brackets that are none, parameters, and IDENTIFIER(..).</summary>
internal sealed partial class SqlScanner
{
    private const string ListWord = "ARRAY";
    private readonly IReadOnlyDictionary<int, string>? _names;
    private ParameterTable _parameters = new();
    private int _bracketDepth;
    private int _braceDepth;
    private bool _isList;

    private void ScanQuotedName()
    {
        int start = _offset;
        char open = _text[start];
        int end = QuotedEnd(start, open == '[' ? ']' : open, false, "quoted name");
        if (end - start == 2)
        {
            throw Error(start, 2, "a quoted name may not be empty");
        }

        CheckNameLength(start, end - start - 2);
        Add(NeuroSql.IDENTIFIER, start, end);
        MoveOver(end);
    }

    // [ begins a quoted name, but directly behind a name or a bracket, behind ARRAY, where nothing
    // but blanks is inside, and before what is no name, it encloses what belongs to an array.
    private bool TryScanBracket(char character, char next)
    {
        int type = character switch
        {
            '[' when IsArrayBracket() => NeuroSql.LEFT_BRACKET,
            ']' when _bracketDepth > 0 => NeuroSql.RIGHT_BRACKET,
            ':' when _bracketDepth > 0 && next is not (':' or '=') && !IsParameterInBrackets() =>
                NeuroSql.COLON,
            ':' when _braceDepth > 0 && next is not (':' or '=') && IsBehindKey() =>
                NeuroSql.COLON,
            '{' => NeuroSql.LEFT_BRACE,
            '}' when _braceDepth > 0 => NeuroSql.RIGHT_BRACE,

            // No parameter has a name that begins with a blank: lambda x: x + 1.
            ':' when char.IsWhiteSpace(next) => NeuroSql.COLON,
            _ => 0,
        };
        if (type == 0)
        {
            return false;
        }

        if (_isList)
        {
            // [1, 2] is ARRAY[1, 2].
            _isList = false;
            Add(NeuroSql.IDENTIFIER, _offset, _offset + 1);
            _tokens[_count - 1].Name = ListWord;
        }

        _bracketDepth += type == NeuroSql.LEFT_BRACKET ? 1
            : type == NeuroSql.RIGHT_BRACKET ? -1
            : 0;
        _braceDepth += type == NeuroSql.LEFT_BRACE ? 1
            : type == NeuroSql.RIGHT_BRACE ? -1
            : 0;
        Add(type, _offset, _offset + 1);
        _offset++;
        return true;
    }

    // What no name begins with, or what has a comma, is a list of values.
    private bool IsList(int content)
    {
        if (At(content) is '\'' or '-' or '[' or '{' or '?' or '$'
            || char.IsAsciiDigit(At(content)))
        {
            return true;
        }

        int end = _text.IndexOf(']', content);
        if (end < 0)
        {
            return false;
        }

        ReadOnlySpan<char> inside = _text.AsSpan(content, end - content);
        return inside.ContainsAny(',', '(')
            || inside.Trim().Equals("NULL", StringComparison.OrdinalIgnoreCase);
    }

    // The end of the $tag$ that begins a text; 0 if none begins here.
    private int DollarTagEnd()
    {
        int end = _offset + 1;
        while (!char.IsAsciiDigit(At(_offset + 1))
            && (char.IsAsciiLetterOrDigit(At(end)) || At(end) == '_'))
        {
            end++;
        }

        return At(end) == '$' ? end + 1 : 0;
    }

    private void ScanDollarString(int tagEnd)
    {
        string tag = _text[_offset..tagEnd];
        int end = _text.IndexOf(tag, tagEnd, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error(_offset, tag.Length, $"the text that begins here has no end {tag}");
        }

        end += tag.Length;
        Add(NeuroSql.TEXT_STRING, _offset, end);
        MoveOver(end);
    }

    private bool IsArrayWord(int token) => token >= 0
        && (IsWord(token, ListWord) || _tokens[token].Name == ListWord);

    private bool IsArrayBracket()
    {
        int content = _offset + 1;
        while (content < _text.Length && _text[content] is ' ' or '\t')
        {
            content++;
        }

        if (_count == 0)
        {
            return false;
        }

        SqlToken last = _tokens[_count - 1];
        bool isInArray = (last.Type == NeuroSql.LEFT_BRACKET && IsArrayWord(_count - 2))
            || (last.Type == NeuroSql.COMMA && _bracketDepth > 0
                && _tokens[_count - 2].Type == NeuroSql.RIGHT_BRACKET);
        if (isInArray)
        {
            _isList = true;
            return true;
        }

        if (At(content) == ']' || IsWord(_count - 1, ListWord))
        {
            // Behind a name [] belongs to a type; elsewhere it is a list of nothing.
            _isList = last.Type is not (NeuroSql.IDENTIFIER or NeuroSql.PRECISION
                or NeuroSql.VARYING or NeuroSql.RIGHT_PARENTHESIS or NeuroSql.RIGHT_BRACKET);
            return true;
        }

        bool isBehindName = last.StopIndex == _offset - 1
            && (last.Type is NeuroSql.IDENTIFIER or NeuroSql.RIGHT_PARENTHESIS
                or NeuroSql.RIGHT_BRACKET or NeuroSql.RIGHT_BRACE
                || (SqlKeywords.IsKeyword(last.Type) && char.IsAsciiDigit(At(content))));
        if (isBehindName)
        {
            return true;
        }

        _isList = last.Type != NeuroSql.DOT && IsList(content);
        return _isList;
    }

    // [:name] is a parameter; behind a place the colon of a slice stands.
    private bool IsParameterInBrackets() => IsNameStart(_offset + 1)
        && _tokens[_count - 1].Type is not (NeuroSql.IDENTIFIER or NeuroSql.INTEGER_NUMBER
            or NeuroSql.PARAMETER or NeuroSql.RIGHT_PARENTHESIS or NeuroSql.RIGHT_BRACKET);

    // The colon behind a key in braces; before anything else :name is a parameter.
    private bool IsBehindKey() => _tokens[_count - 1].Type is not (NeuroSql.LEFT_BRACE
        or NeuroSql.COMMA or NeuroSql.COLON or NeuroSql.LEFT_PARENTHESIS);

    private void ScanParameter()
    {
        int start = _offset;
        int end = NameEnd(start + 1);
        if (_text[start] != '?' && end == start + 1)
        {
            throw Error(start, 1, $"a parameter needs a name or a number after '{_text[start]}'");
        }

        CheckNameLength(start, end - start - 1);
        Add(NeuroSql.PARAMETER, start, end);
        SqlToken token = _tokens[_count - 1];
        token.ParameterNumber = _parameters.NumberOf(token.Span, token.Position);
        _offset = end;
    }

    // IDENTIFIER(?) and IDENTIFIER('name') are names.
    private void MergeIdentifier()
    {
        if (_count < 4 || !IsWord(_count - 4, "IDENTIFIER")
            || _tokens[_count - 3].Type != NeuroSql.LEFT_PARENTHESIS
            || _tokens[_count - 2].Type is not (NeuroSql.PARAMETER or NeuroSql.TEXT_STRING))
        {
            return;
        }

        SqlToken inner = _tokens[_count - 2];
        string name = inner.Type == NeuroSql.TEXT_STRING ? inner.StringText()
            : _names is not null && _names.TryGetValue(inner.ParameterNumber, out string? given)
                ? given
                : $"IDENTIFIER(?{inner.ParameterNumber})";
        if (name.Length is 0 or > Limits.NameLengthMax)
        {
            throw SyntaxErrors.At(
                inner.Position,
                $"IDENTIFIER takes a name of 1 to {Limits.NameLengthMax} characters");
        }

        if (inner.Type == NeuroSql.PARAMETER)
        {
            _parameters.NoteName(inner.ParameterNumber);
        }

        Merge(4, NeuroSql.IDENTIFIER);
        _tokens[_count - 1].Name = name;
    }
}
