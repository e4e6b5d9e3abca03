namespace NeuroDb.Cli;

/// <summary>
/// Cuts a script at the semicolons between statements: not at those inside quotes, names or
/// comments.
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
        for (int i = 0; i < text.Length;)
        {
            int next = SkipToken(text, i, out bool isBlank);
            hasContent |= !isBlank && text[i] != ';';
            if (text[i] == ';')
            {
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
                return SkipTo(text, start + 1, "]");
            case '-' when next == '-':
                isBlank = true;
                return SkipTo(text, start + 2, "\n");
            case '/' when next == '*':
                isBlank = true;
                return SkipTo(text, start + 2, "*/");
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
