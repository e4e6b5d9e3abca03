using Antlr4.Runtime;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// Cuts a script into tokens, one statement at a time, in time linear in its length. It also
/// bounds the nesting, before the recursive parser sees the tokens.
/// </summary>
internal sealed partial class SqlScanner
{
    private readonly string _text;
    private SqlToken[] _tokens = [];
    private int _count;
    private int _offset;
    private int _line = 1;
    private int _lineStart;
    private int _depth;

    /// <summary>Begins at the start of a script.</summary>
    /// <param name="text">The script.</param>
    /// <param name="names">What IDENTIFIER(?) stands for, by number; null where unknown.</param>
    public SqlScanner(string text, IReadOnlyDictionary<int, string>? names = null)
    {
        _names = names;
        if (text.Length > Limits.StatementLengthMax)
        {
            throw new ResourceLimitException(
                ErrorCode.StatementTooLong,
                $"The statement has {text.Length} characters; the most is "
                + $"{Limits.StatementLengthMax}. Pass large values as parameters, or split it.");
        }

        _text = text;
    }

    /// <summary>Whether the whole script is read.</summary>
    public bool IsAtEnd => _offset >= _text.Length;

    /// <summary>The tokens up to the next semicolon, and the end token in its place.</summary>
    public SqlTokenStream NextStatement()
    {
        Invariant.Check(_lineStart <= _offset);
        _tokens = new SqlToken[64];
        _count = 0;
        _depth = 0;
        _bracketDepth = 0;
        _braceDepth = 0;
        _parameters = new ParameterTable();
        while (true)
        {
            SkipBlanks();
            if (IsAtEnd)
            {
                Add(TokenConstants.EOF, _offset, _offset);
                return new SqlTokenStream(_tokens, _count, _parameters);
            }

            if (_text[_offset] == ';')
            {
                // The end token covers the semicolon, so that a message can show it.
                Add(TokenConstants.EOF, _offset, _offset + 1);
                _offset++;
                return new SqlTokenStream(_tokens, _count, _parameters);
            }

            ScanToken();
            if (_tokens[_count - 1].Type == NeuroSql.BEGIN && IsTrigger())
            {
                ScanTriggerBody();
            }
        }
    }

    private char At(int offset) => offset < _text.Length ? _text[offset] : '\0';

    private SourcePosition PositionAt(int start, int length) =>
        new(_line, start - _lineStart + 1, length);

    private SyntaxException Error(int start, int length, string message)
    {
        SourcePosition position = PositionAt(start, length);
        return SyntaxErrors.At(position, message);
    }

    private void Add(int type, int start, int end)
    {
        if (_count == _tokens.Length)
        {
            Array.Resize(ref _tokens, _count * 2);
        }

        _tokens[_count] = new SqlToken(
            _text, type, start, end - 1, _line, start - _lineStart + 1)
        {
            TokenIndex = _count,
        };
        _count++;
        CountDepth(type, start);
    }

    // Only brackets and CASE make the parser recurse; chains of operators are flat.
    private void CountDepth(int type, int start)
    {
        if (type is NeuroSql.LEFT_PARENTHESIS or NeuroSql.LEFT_BRACKET or NeuroSql.LEFT_BRACE
            or NeuroSql.CASE)
        {
            _depth++;
            if (_depth > Limits.NestingDepthMax)
            {
                throw SyntaxErrors.TooDeep(PositionAt(start, 1));
            }
        }
        else if (type is NeuroSql.RIGHT_PARENTHESIS or NeuroSql.RIGHT_BRACKET
            or NeuroSql.RIGHT_BRACE or NeuroSql.END
            && _depth > 0)
        {
            _depth--;
        }
    }

    private void SkipBlanks()
    {
        while (_offset < _text.Length)
        {
            char character = _text[_offset];
            if (character == '\n')
            {
                _offset++;
                _line++;
                _lineStart = _offset;
            }
            else if (char.IsWhiteSpace(character) || character == '\uFEFF')
            {
                _offset++;
            }
            else if (character == '-' && At(_offset + 1) == '-')
            {
                int end = _text.IndexOf('\n', _offset);
                _offset = end < 0 ? _text.Length : end;
            }
            else if (character == '/' && At(_offset + 1) == '*')
            {
                int end = _text.IndexOf("*/", _offset + 2, StringComparison.Ordinal);
                if (end < 0)
                {
                    throw Error(_offset, 2, "the comment that begins here has no end '*/'");
                }

                MoveOver(end + 2);
            }
            else
            {
                return;
            }
        }
    }

    // Moves over text that may hold line ends.
    private void MoveOver(int end)
    {
        ReadOnlySpan<char> span = _text.AsSpan(_offset, end - _offset);
        int last = span.LastIndexOf('\n');
        if (last >= 0)
        {
            _line += span.Count('\n');
            _lineStart = _offset + last + 1;
        }

        _offset = end;
    }

    private void ScanToken()
    {
        char character = _text[_offset];
        char next = At(_offset + 1);
        if (character == '\'')
        {
            ScanString(_offset, backslashEscapes: false);
        }
        else if (character is 'n' or 'N' && next == '\'')
        {
            ScanString(_offset + 1, backslashEscapes: false);
        }
        else if (character is 'e' or 'E' && next == '\'')
        {
            ScanString(_offset + 1, backslashEscapes: true);
        }
        else if (character is 'x' or 'X' && next == '\'')
        {
            ScanBlob();
        }
        else if (character is 'b' or 'B' && next == '\'')
        {
            ScanBits();
        }
        else if (IsNameStart(_offset))
        {
            ScanWord();
        }
        else if (char.IsAsciiDigit(character)
            || (character == '.' && char.IsAsciiDigit(next)))
        {
            ScanNumber();
        }
        else if (TryScanBracket(character, next))
        {
            return;
        }
        else if (character is '"' or '[' or '`')
        {
            ScanQuotedName();
        }
        else if (character == '@' && IsModelVersion())
        {
            ScanModelVersion();
        }
        else if (character == '$' && DollarTagEnd() is > 0 and var tagEnd)
        {
            ScanDollarString(tagEnd);
        }
        else if (character is '?' or '$' || (character == '@' && next is not ('>' or '@'))
            || (character == ':' && IsNameStart(_offset + 1)))
        {
            ScanParameter();
        }
        else
        {
            ScanOperator(character, next);
        }
    }

    private bool IsNameStart(int offset) => SqlCharacters.IsNameStart(_text, offset);

    private int NameEnd(int offset)
    {
        while (SqlCharacters.IsNamePart(_text, offset))
        {
            offset++;
        }

        return offset;
    }

    private void ScanWord()
    {
        int start = _offset;
        _offset = NameEnd(start);
        ReadOnlySpan<char> word = _text.AsSpan(start, _offset - start);
        CheckNameLength(start, word.Length);
        if (!TryMergeWord(word, start))
        {
            bool isTry = word.Equals("TRY_CAST", StringComparison.OrdinalIgnoreCase);
            Add(isTry ? NeuroSql.CAST : SqlKeywords.TypeOf(word), start, _offset);
        }
    }

    private void CheckNameLength(int start, int length)
    {
        if (length > Limits.NameLengthMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"The name has {length} characters; the most is {Limits.NameLengthMax}.",
                PositionAt(start, length));
        }
    }

    // The offset behind the closing quote; a doubled quote does not close.
    private int QuotedEnd(int open, char quote, bool backslashEscapes, string what)
    {
        int offset = open + 1;
        while (true)
        {
            int found = backslashEscapes
                ? _text.AsSpan(offset).IndexOfAny(quote, '\\')
                : _text.AsSpan(offset).IndexOf(quote);
            if (found < 0 || offset + found >= _text.Length)
            {
                throw Error(open, 1, $"the {what} that begins here has no end {quote}");
            }

            offset += found;
            if (_text[offset] == '\\' && backslashEscapes)
            {
                offset = Math.Min(offset + 2, _text.Length);
            }
            else if (At(offset + 1) == quote && quote != ']')
            {
                offset += 2;
            }
            else
            {
                return offset + 1;
            }
        }
    }

    private void ScanString(int open, bool backslashEscapes)
    {
        int end = QuotedEnd(open, '\'', backslashEscapes, "text");
        Add(NeuroSql.TEXT_STRING, _offset, end);
        MoveOver(end);
    }

    private int DigitsEnd(int offset)
    {
        while (char.IsAsciiDigit(At(offset)) || IsGroup(offset))
        {
            offset++;
        }

        return offset;
    }

    // The _ of 1_000 stands between digits.
    private bool IsGroup(int offset) => At(offset) == '_'
        && char.IsAsciiHexDigit(At(offset - 1)) && char.IsAsciiHexDigit(At(offset + 1));

    private void ScanNumber()
    {
        int start = _offset;
        int type = NeuroSql.INTEGER_NUMBER;
        int end;
        if (_text[start] == '0' && At(start + 1) is 'x' or 'X' or 'b' or 'B' or 'o' or 'O'
            && char.IsAsciiHexDigit(At(start + 2)))
        {
            end = start + 2;
            while (char.IsAsciiHexDigit(At(end)) || IsGroup(end))
            {
                end++;
            }
        }
        else
        {
            end = DigitsEnd(start);
            if (At(end) == '.')
            {
                type = NeuroSql.DECIMAL_NUMBER;
                end = DigitsEnd(end + 1);
            }

            if (At(end) is 'e' or 'E')
            {
                int digits = At(end + 1) is '+' or '-' ? end + 2 : end + 1;
                if (char.IsAsciiDigit(At(digits)))
                {
                    type = NeuroSql.DOUBLE_NUMBER;
                    end = DigitsEnd(digits);
                }
            }
        }

        if (SqlCharacters.IsNamePart(_text, end))
        {
            throw Error(start, NameEnd(end) - start, "a number may not run into a name");
        }

        Add(type, start, end);
        _offset = end;
    }
}
