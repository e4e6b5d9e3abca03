using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Operators and punctuation.</summary>
internal sealed partial class SqlScanner
{
    private void ScanOperator(char character, char next)
    {
        int start = _offset;
        if (TryScanLike(start))
        {
            return;
        }

        (int type, int length) = SqlOperators.Match(character, next, At(start + 2));
        if (length == 0)
        {
            string what = char.IsControl(character) || char.IsSurrogate(character)
                ? $"U+{(int)character:X4}"
                : character < 0x80 ? $"'{character}'" : $"'{character}' (U+{(int)character:X4})";
            throw Error(start, 1, $"unexpected character {what}");
        }

        Add(type, start, start + length);
        _offset = start + length;
        if (type == NeuroSql.RIGHT_PARENTHESIS)
        {
            MergeIdentifier();
        }
    }

    // PostgreSQL's ~~, ~~*, !~~ and !~~* behind an operand: LIKE and ILIKE. Elsewhere two ~
    // invert bits twice.
    private bool TryScanLike(int start)
    {
        int at = At(start) == '!' ? start + 1 : start;
        bool isBehind = _count > 0 && _tokens[_count - 1].Type is NeuroSql.IDENTIFIER
            or NeuroSql.TEXT_STRING or NeuroSql.RIGHT_PARENTHESIS or NeuroSql.RIGHT_BRACKET
            or NeuroSql.PARAMETER;
        if (!isBehind || At(at) != '~' || At(at + 1) != '~')
        {
            return false;
        }

        bool isCaseless = At(at + 2) == '*';
        int end = at + (isCaseless ? 3 : 2);
        if (at > start)
        {
            Add(NeuroSql.NOT, start, at);
        }

        Add(isCaseless ? NeuroSql.ILIKE : NeuroSql.LIKE, at, end);
        _offset = end;
        return true;
    }
}
