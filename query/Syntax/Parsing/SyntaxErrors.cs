using Antlr4.Runtime;

namespace NeuroDb.Query;

/// <summary>Makes the errors of the parser, all in one form of words.</summary>
internal static class SyntaxErrors
{
    private const int FoundLengthMax = 40;

    /// <summary>An error at a place, with what is wrong there.</summary>
    public static SyntaxException At(
        SourcePosition position, string detail, string hint = "") =>
        new(
            ErrorCode.SyntaxError,
            $"Syntax error at line {position.Line}, column {position.Column}: {detail}.{hint}",
            position);

    /// <summary>An error at a token that does not fit.</summary>
    /// <param name="token">The token.</param>
    /// <param name="expected">What fits, in plain words.</param>
    /// <param name="hint">A further sentence with a blank before it, or nothing.</param>
    public static SyntaxException Expected(SqlToken token, string expected, string hint = "") =>
        At(token.Position, $"found {Found(token)}, expected {expected}", hint);

    /// <summary>The error for nesting beyond the limit, or beyond the thread's stack.</summary>
    public static ResourceLimitException TooDeep(SourcePosition position) =>
        new(
            ErrorCode.NestingTooDeep,
            $"The statement is nested too deep at line {position.Line}, column "
            + $"{position.Column}: the most is {Limits.NestingDepthMax} levels of brackets, "
            + "CASE, subqueries and chained operators, and less on a thread with a small stack.",
            position);

    private static string Found(SqlToken token)
    {
        if (token.Type == TokenConstants.EOF)
        {
            return "end of statement";
        }

        ReadOnlySpan<char> text = token.Span;
        int lineEnd = text.IndexOfAny('\r', '\n');
        if (lineEnd >= 0 || text.Length > FoundLengthMax)
        {
            int length = Math.Min(lineEnd < 0 ? text.Length : lineEnd, FoundLengthMax);
            if (length > 0 && char.IsHighSurrogate(text[length - 1]))
            {
                length--;
            }

            text = string.Concat(text[..length], "...");
        }

        return text[0] is '\'' or '"' ? text.ToString() : $"'{text}'";
    }
}
