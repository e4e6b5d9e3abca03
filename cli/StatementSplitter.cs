namespace NeuroDb.Cli;

/// <summary>
/// Cuts a script at the semicolons between statements: not at those inside quotes, names or
/// comments, nor at those between the statements of a trigger.
/// </summary>
internal static class StatementSplitter
{
    /// <summary>The statements of a text with their semicolons; blank ones are left out.</summary>
    /// <param name="text">The script.</param>
    /// <param name="rest">What follows the last semicolon, if it is more than blanks.</param>
    public static List<string> Split(string text, out string rest)
    {
        var statements = new List<string>();
        int start = 0;
        bool hasContent = false;
        var body = new TriggerBody();
        for (int i = 0; i < text.Length;)
        {
            int next = SkipToken(text, i, out bool isBlank);
            hasContent |= !isBlank && text[i] != ';';
            if (char.IsAsciiLetter(text[i]))
            {
                body.Take(text[i..next]);
            }

            if (text[i] == ';' && !body.IsOpen)
            {
                body = new TriggerBody();
                if (hasContent)
                {
                    statements.Add(text[start..next].Trim());
                }

                start = next;
                hasContent = false;
            }

            i = next;
        }

        rest = hasContent ? text[start..].Trim() : string.Empty;
        return statements;
    }

    private static int SkipToken(string text, int start, out bool isBlank)
    {
        isBlank = char.IsWhiteSpace(text[start]);
        char next = start + 1 < text.Length ? text[start + 1] : '\0';
        switch (text[start])
        {
            case '\'' or '"' or '`':
                return SkipTo(text, start + 1, text[start].ToString());
            case '[':
                // What has a text inside is a list of values, no name.
                int close = SkipTo(text, start + 1, "]");
                return text.AsSpan(start, close - start).Contains('\'') ? start + 1 : close;
            case '-' when next == '-':
                isBlank = true;
                return SkipTo(text, start + 2, "\n");
            case '/' when next == '*':
                isBlank = true;
                return SkipTo(text, start + 2, "*/");
            case var letter when char.IsAsciiLetter(letter):
                int end = start + 1;
                while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
                {
                    end++;
                }

                return end;
            default:
                return start + 1;
        }
    }

    private static int SkipTo(string text, int start, string end)
    {
        int found = text.IndexOf(end, start, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + end.Length;
    }
}
