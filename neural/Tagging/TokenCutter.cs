namespace NeuroDb.Neural;

/// <summary>
/// Cuts a text into the tokens that a tagger tells apart: runs of letters and digits, and every
/// other sign by itself; letters of a script without gaps are tokens of their own.
/// </summary>
internal static class TokenCutter
{
    /// <summary>The tokens in order. A word between blanks has at least one.</summary>
    public static TextToken[] Cut(string text)
    {
        var tokens = new List<TextToken>();
        int word = -1;
        bool isInWord = false;
        for (int at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                isInWord = false;
                at++;
                continue;
            }

            word += isInWord ? 0 : 1;
            isInWord = true;
            int end = EndOf(text, at);
            tokens.Add(new TextToken(at, end - at, word));
            at = end;
        }

        return [.. tokens];
    }

    /// <summary>
    /// The words between blanks. Commas and quotes around a word are not of it, unless it is made
    /// of such signs alone.
    /// </summary>
    public static TextUnit[] WordsOf(string text, ReadOnlySpan<TextToken> tokens)
    {
        var words = new List<TextUnit>();
        for (int start = 0; start < tokens.Length;)
        {
            int end = start + 1;
            while (end < tokens.Length && tokens[end].Word == tokens[start].Word)
            {
                end++;
            }

            int first = start;
            while (first < end && !IsOfWord(text[tokens[first].Start]))
            {
                first++;
            }

            int behind = end;
            while (behind > first && !IsOfWord(text[tokens[behind - 1].Start]))
            {
                behind--;
            }

            words.Add(first < behind
                ? new TextUnit(start, first, behind, end)
                : new TextUnit(start, start, end, end));
            start = end;
        }

        return [.. words];
    }

    /// <summary>Every token by itself.</summary>
    public static TextUnit[] Singles(int tokens) =>
        [.. Enumerable.Range(0, tokens).Select(static i => new TextUnit(i, i, i + 1, i + 1))];

    private static int EndOf(string text, int at)
    {
        if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length)
        {
            return at + (char.IsLowSurrogate(text[at + 1]) ? 2 : 1);
        }

        int end = at + 1;
        if (!IsRunning(text[at]))
        {
            return end;
        }

        while (end < text.Length && IsRunning(text[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsOfWord(char unit) =>
        char.IsLetterOrDigit(unit) || char.IsSurrogate(unit) || char.IsSymbol(unit);

    private static bool IsRunning(char unit) =>
        TextUnits.KindOf(unit) != TextUnitKind.Ideograph
        && (char.IsLetterOrDigit(unit) || char.GetUnicodeCategory(unit)
            is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.SpacingCombiningMark);
}
