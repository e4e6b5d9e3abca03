namespace NeuroDb.Neural;

/// <summary>
/// Cuts a text into lower-case words without allocation. Identifiers fall into their parts
/// (ReadLine, HTMLParser, sha256 -> read line, html parser, sha 256); each letter of a script
/// without gaps (Chinese, Japanese, Thai, ...) is a word.
/// </summary>
internal ref struct TextTokenizer
{
    /// <summary>A longer run of letters is cut into words of this length.</summary>
    public const int WordLengthMax = 64;

    private readonly ReadOnlySpan<char> _text;
    private readonly Span<char> _buffer;
    private int _offset;
    private int _length;

    /// <summary>Starts before the first word.</summary>
    /// <param name="text">The text.</param>
    /// <param name="buffer">Room for one word, <see cref="WordLengthMax"/> units.</param>
    public TextTokenizer(ReadOnlySpan<char> text, Span<char> buffer)
    {
        Invariant.Check(buffer.Length >= WordLengthMax);
        _text = text;
        _buffer = buffer;
        ContinuesPhrase = false;
    }

    /// <summary>The word, in the buffer until the next move.</summary>
    public readonly Span<char> Word => _buffer[.._length];

    /// <summary>Whether the word is one letter of a script without gaps.</summary>
    public bool IsIdeograph { get; private set; }

    /// <summary>Whether only blanks or nothing stand between the last word and this one.</summary>
    public bool ContinuesPhrase { get; private set; }

    /// <summary>Whether nothing stands between the last word and this one.</summary>
    public bool ContinuesRun { get; private set; }

    /// <summary>Moves to the next word; false after the last.</summary>
    public bool MoveNext()
    {
        bool isFirst = _length == 0;
        int start = _offset;
        ContinuesPhrase = !isFirst;
        while (_offset < _text.Length)
        {
            TextUnitKind kind = TextUnits.KindOf(_text[_offset]);
            switch (kind)
            {
                case TextUnitKind.Space:
                    _offset++;
                    continue;
                case TextUnitKind.Dot when IsWordAt(_offset + 1):
                    _offset++;
                    continue;
                case TextUnitKind.Break or TextUnitKind.Dot:
                    ContinuesPhrase = false;
                    _offset++;
                    continue;
                case TextUnitKind.HighSurrogate when !IsLetterPairAt(_offset):
                    ContinuesPhrase = false;
                    _offset += IsPairAt(_offset) ? 2 : 1;
                    continue;
                default:
                    ContinuesRun = !isFirst && _offset == start;
                    Read(kind);
                    return true;
            }
        }

        return false;
    }

    private void Read(TextUnitKind kind)
    {
        IsIdeograph = kind is TextUnitKind.Ideograph or TextUnitKind.HighSurrogate;
        int end = kind switch
        {
            TextUnitKind.Ideograph => _offset + 1,
            TextUnitKind.HighSurrogate => _offset + 2,
            TextUnitKind.Digit => EndOf(TextUnitKind.Digit, _offset + 1),
            TextUnitKind.Lower => EndOf(TextUnitKind.Lower, _offset + 1),
            _ => EndOfCapitalized(),
        };

        end = Math.Min(end, _offset + WordLengthMax);
        _length = end - _offset;
        for (int i = 0; i < _length; i++)
        {
            _buffer[i] = TextUnits.Fold(_text[_offset + i]);
        }

        _offset = end;
    }

    // Read -> Read; HTMLParser -> HTML, because the last capital before a small letter begins the
    // next word; URLs stays one word, because the s is a plural.
    private readonly int EndOfCapitalized()
    {
        int end = EndOf(TextUnitKind.Upper, _offset + 1);
        int smallEnd = EndOf(TextUnitKind.Lower, end);
        bool isPlural = smallEnd == end + 1 && _text[end] == 's';
        return end - _offset == 1 || smallEnd == end || isPlural ? smallEnd : end - 1;
    }

    private readonly int EndOf(TextUnitKind kind, int offset)
    {
        int bound = Math.Min(_text.Length, _offset + WordLengthMax);
        while (offset < bound && TextUnits.KindOf(_text[offset]) == kind)
        {
            offset++;
        }

        return offset;
    }

    private readonly bool IsWordAt(int offset) =>
        offset < _text.Length && TextUnits.KindOf(_text[offset]) >= TextUnitKind.Upper;

    private readonly bool IsPairAt(int offset) =>
        offset + 1 < _text.Length && char.IsLowSurrogate(_text[offset + 1]);

    private readonly bool IsLetterPairAt(int offset) =>
        offset + 1 < _text.Length && TextUnits.IsLetterPair(_text[offset], _text[offset + 1]);
}
