namespace NeuroDb.Query;

/// <summary>
/// A compiled LIKE pattern: % is any text, _ one code point. The parts between % are found one
/// after the other, each at its first place, which never needs to go back to an earlier part.
/// </summary>
internal sealed class LikePattern
{
    private const int AnyOne = -1;

    private readonly List<int[]> _parts = [];
    private readonly List<string?> _literals = [];
    private readonly bool _ignoreCase;
    private readonly bool _isAnchoredAtStart;
    private readonly bool _isAnchoredAtEnd;

    /// <summary>Compiles a pattern; raises an error if it ends in the escape character.</summary>
    public LikePattern(string pattern, char? escape, bool ignoreCase, SourcePosition position)
    {
        _ignoreCase = ignoreCase;
        _isAnchoredAtStart = true;
        _isAnchoredAtEnd = true;
        var part = new List<int>();
        bool any = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char unit = pattern[i];
            any = false;
            if (unit == escape)
            {
                i++;
                if (i == pattern.Length)
                {
                    throw new NeuroStoreException(
                        ErrorCode.InvalidText,
                        "A LIKE pattern may not end in its escape character; double it, or "
                        + "write ESCAPE ''.",
                        position);
                }

                part.Add(Fold(pattern[i]));
            }
            else if (unit == '%')
            {
                any = true;
                _isAnchoredAtStart &= i != 0;
                EndPart(part);
            }
            else
            {
                part.Add(unit == '_' ? AnyOne : Fold(unit));
            }
        }

        _isAnchoredAtEnd = !any;
        EndPart(part);
    }

    /// <summary>Whether a text matches as a whole.</summary>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        int first = 0;
        int last = _parts.Count;
        if (last == 0)
        {
            return text.IsEmpty || !_isAnchoredAtStart || !_isAnchoredAtEnd;
        }

        if (_isAnchoredAtStart)
        {
            int length = MatchAt(0, text);
            if (length < 0)
            {
                return false;
            }

            text = text[length..];
            first = 1;
            if (last == 1)
            {
                return !_isAnchoredAtEnd || text.IsEmpty;
            }
        }

        int searched = _isAnchoredAtEnd ? last - 1 : last;
        for (int i = first; i < searched; i++)
        {
            int end = Find(i, text);
            if (end < 0)
            {
                return false;
            }

            text = text[end..];
        }

        return !_isAnchoredAtEnd || EndsWith(last - 1, text);
    }

    private void EndPart(List<int> part)
    {
        if (part.Count == 0)
        {
            return;
        }

        _parts.Add([.. part]);
        _literals.Add(_ignoreCase || part.Contains(AnyOne)
            ? null
            : string.Concat(part.Select(unit => (char)unit)));
        part.Clear();
    }

    private int Find(int part, ReadOnlySpan<char> text)
    {
        string? literal = _literals[part];
        if (literal is not null)
        {
            int at = text.IndexOf(literal, StringComparison.Ordinal);
            return at < 0 ? -1 : at + literal.Length;
        }

        for (int start = 0; start < text.Length; start++)
        {
            if (start > 0 && IsInsidePair(text, start))
            {
                continue;
            }

            int length = MatchAt(part, text[start..]);
            if (length >= 0)
            {
                return start + length;
            }
        }

        return -1;
    }

    private bool EndsWith(int part, ReadOnlySpan<char> text)
    {
        int[] units = _parts[part];
        int at = text.Length;
        for (int i = units.Length - 1; i >= 0; i--)
        {
            at--;
            if (at < 0)
            {
                return false;
            }

            if (units[i] == AnyOne)
            {
                at -= at > 0 && IsInsidePair(text, at) ? 1 : 0;
            }
            else if (Fold(text[at]) != units[i])
            {
                return false;
            }
        }

        return true;
    }

    private int MatchAt(int part, ReadOnlySpan<char> text)
    {
        int at = 0;
        foreach (int unit in _parts[part])
        {
            if (at >= text.Length)
            {
                return -1;
            }

            if (unit == AnyOne)
            {
                at += at + 1 < text.Length && IsInsidePair(text, at + 1) ? 2 : 1;
            }
            else if (Fold(text[at]) == unit)
            {
                at++;
            }
            else
            {
                return -1;
            }
        }

        return at;
    }

    private static bool IsInsidePair(ReadOnlySpan<char> text, int at) =>
        char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]);

    private char Fold(char unit) => _ignoreCase ? char.ToUpperInvariant(unit) : unit;
}
