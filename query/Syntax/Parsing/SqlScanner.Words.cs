using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Words that mean something else by what stands before them.</summary>
internal sealed partial class SqlScanner
{
    // CREATE OR REPLACE TEMPORARY TRIGGER: the word is among the first.
    private const int TriggerIndexMax = 4;

    private static bool IsUnit(ReadOnlySpan<char> word) =>
        word.Length <= 12
        && word.ToString().ToUpperInvariant() is "YEAR" or "YEARS" or "MONTH" or "MONTHS" or "DAY"
            or "DAYS" or "HOUR" or "HOURS" or "MINUTE" or "MINUTES" or "SECOND" or "SECONDS"
            or "WEEK" or "WEEKS" or "QUARTER" or "QUARTERS" or "MILLISECOND" or "MILLISECONDS"
            or "MICROSECOND" or "MICROSECONDS";

    private bool IsWord(int index, string word) =>
        index >= 0 && _tokens[index].Span.Equals(word, StringComparison.OrdinalIgnoreCase);

    // The @2 of model@2 stands directly behind a name, where no parameter can stand. Behind a blank
    // only a number, live and latest are versions: another word may be a parameter.
    private bool IsModelVersion()
    {
        if (_count == 0 || _tokens[_count - 1].Type != NeuroSql.IDENTIFIER
            || !SqlCharacters.IsNamePart(_text, _offset + 1))
        {
            return false;
        }

        ReadOnlySpan<char> word = _text.AsSpan(_offset + 1, NameEnd(_offset + 1) - _offset - 1);
        return _tokens[_count - 1].StopIndex == _offset - 1
            || !word.ContainsAnyExceptInRange('0', '9')
            || word.Equals("live", StringComparison.OrdinalIgnoreCase)
            || word.Equals("latest", StringComparison.OrdinalIgnoreCase);
    }

    private void ScanModelVersion()
    {
        int start = _offset;
        _offset = NameEnd(start + 1);
        Add(NeuroSql.MODEL_VERSION, start, _offset);
    }

    private bool IsTrigger()
    {
        for (int i = 1; i < Math.Min(_count, TriggerIndexMax); i++)
        {
            if (_tokens[i].Type == NeuroSql.TRIGGER)
            {
                return _tokens[0].Type == NeuroSql.CREATE;
            }
        }

        return false;
    }

    // AT TIME ZONE, TIMESTAMP WITH TIME ZONE, the TIME ZONE of SET, BETWEEN SYMMETRIC and SIMILAR
    // TO become one token; DAY is a unit in INTERVAL '1' DAY.
    private bool TryMergeWord(ReadOnlySpan<char> word, int start)
    {
        if (_count < 2)
        {
            return false;
        }

        SqlToken last = _tokens[_count - 1];
        if (word.Equals("ZONE", StringComparison.OrdinalIgnoreCase)
            && IsWord(_count - 1, "TIME") && IsWord(_count - 2, "AT"))
        {
            Merge(2, NeuroSql.AT_TIME_ZONE);
            return true;
        }

        if (word.Equals("ZONE", StringComparison.OrdinalIgnoreCase)
            && IsWord(_count - 1, "TIME"))
        {
            bool isType = (IsWord(_count - 3, "TIMESTAMP") || IsWord(_count - 3, "TIME"))
                && (IsWord(_count - 2, "WITH") || IsWord(_count - 2, "WITHOUT"));
            bool isSetting = _count == 2 && _tokens[0].Type == NeuroSql.SET;
            if (isType || isSetting)
            {
                Merge(isType ? 3 : 1, NeuroSql.IDENTIFIER);
                return true;
            }
        }

        if (last.Type == NeuroSql.IDENTIFIER && IsJoin(word))
        {
            bool isJoin = word.Length == 4 && word[0] is 'J' or 'j';
            int kind = IsWord(_count - 1, "ASOF") ? NeuroSql.ASOF
                : isJoin && IsWord(_count - 1, "SEMI") ? NeuroSql.SEMI
                : isJoin && IsWord(_count - 1, "ANTI") ? NeuroSql.ANTI
                : 0;
            _tokens[_count - 1] = kind == 0 ? last : last.WithType(kind);
            return false;
        }

        if (TryMergePair(word, last.Type))
        {
            return true;
        }

        if (last.Type is NeuroSql.TEXT_STRING or NeuroSql.INTEGER_NUMBER
            && IsWord(_count - 2, "INTERVAL") && IsUnit(word))
        {
            Add(NeuroSql.INTERVAL_UNIT, start, _offset);
            return true;
        }

        return false;
    }

    // JOIN, and the LEFT of ASOF LEFT JOIN.
    private static bool IsJoin(ReadOnlySpan<char> word) =>
        word.Equals("JOIN", StringComparison.OrdinalIgnoreCase)
        || word.Equals("LEFT", StringComparison.OrdinalIgnoreCase);

    private static bool IsSampling(ReadOnlySpan<char> word) =>
        word.Equals("BERNOULLI", StringComparison.OrdinalIgnoreCase)
        || word.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase);

    private bool TryMergePair(ReadOnlySpan<char> word, int last)
    {
        int type = last == NeuroSql.BETWEEN
            && (word.Equals("SYMMETRIC", StringComparison.OrdinalIgnoreCase)
                || word.Equals("ASYMMETRIC", StringComparison.OrdinalIgnoreCase))
            ? NeuroSql.BETWEEN
            : word.Equals("TO", StringComparison.OrdinalIgnoreCase)
                && IsWord(_count - 1, "SIMILAR")
                ? NeuroSql.SIMILAR_TO
            : IsWord(_count - 1, "TABLESAMPLE") && IsSampling(word)
                ? NeuroSql.TABLE_SAMPLE
                : 0;
        if (type > 0)
        {
            Merge(1, type);
        }

        return type > 0;
    }

    // Makes one token of the last ones and the word that ends here.
    private void Merge(int count, int type)
    {
        SqlToken first = _tokens[_count - count];
        _count -= count;
        _tokens[_count] = new SqlToken(
            _text, type, first.StartIndex, _offset - 1, first.Line, first.Column)
        {
            TokenIndex = _count,
        };
        _count++;
    }

    // The statements of a trigger end at the END that closes no CASE.
    private void ScanTriggerBody()
    {
        int first = _count;
        int start = _offset;
        int line = _line;
        int column = start - _lineStart + 1;
        int cases = 0;
        SkipBlanks();
        while (!IsAtEnd)
        {
            if (_text[_offset] == ';')
            {
                _offset++;
                SkipBlanks();
                continue;
            }

            ScanToken();
            SqlToken token = _tokens[_count - 1];
            cases += token.Type == NeuroSql.CASE ? 1 : 0;
            if (token.Type == NeuroSql.END && cases-- == 0)
            {
                _count = first;
                _tokens[_count] = new SqlToken(
                    _text, NeuroSql.TRIGGER_BODY, start, token.StartIndex - 1, line, column)
                {
                    TokenIndex = _count,
                };
                _count++;
                Add(NeuroSql.END, token.StartIndex, token.StopIndex + 1);
                return;
            }

            SkipBlanks();
        }
    }

    private void ScanBlob()
    {
        int open = _offset + 1;
        int end = QuotedEnd(open, '\'', backslashEscapes: false, "blob");
        ReadOnlySpan<char> digits = _text.AsSpan(open + 1, end - open - 2);
        foreach (char digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                throw Error(_offset, 2, "a blob literal holds hexadecimal digits only");
            }
        }

        if (digits.Length % 2 != 0)
        {
            throw Error(_offset, 2, "a blob literal needs two hexadecimal digits for every byte");
        }

        Add(NeuroSql.BLOB_STRING, _offset, end);
        MoveOver(end);
    }

    private void ScanBits()
    {
        int end = QuotedEnd(_offset + 1, '\'', backslashEscapes: false, "bits");
        if (_text.AsSpan(_offset + 2, end - _offset - 3).IndexOfAnyExcept('0', '1') >= 0)
        {
            throw Error(_offset, 2, "bits are the digits 0 and 1 only, as in B'101'");
        }

        Add(NeuroSql.BLOB_STRING, _offset, end);
        MoveOver(end);
    }
}
