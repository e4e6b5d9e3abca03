using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Cuts a text into pieces of at most a size, each beginning with the end of the one before.
/// </summary>
/// <remarks>
/// Sizes are code points, as those of length(). A piece ends behind a sentence if one ends in its
/// last part, else behind a space, else where the size is reached; a character that is written
/// with several code points is not torn unless it alone is larger than a piece. Without an overlap
/// the pieces put together are the text.
/// </remarks>
internal static class TextChunks
{
    private const string SentenceEnds = ".!?\n\u2026\u3002\uFF01\uFF1F\uFF1B\uFF61";

    /// <summary>The pieces with the place where each begins, from 1.</summary>
    public static IEnumerable<(long Start, string Piece)> Of(string text, int size, int overlap)
    {
        Invariant.Check(size > 0 && overlap >= 0 && overlap <= size / 2);
        int least = Math.Max(size / 2, overlap + (size / 4));
        int at = 0;
        long start = 1;
        while (at < text.Length)
        {
            int end = EndOf(text, at, size, least);
            yield return (start, text[at..end]);
            if (end == text.Length)
            {
                yield break;
            }

            int next = Math.Max(Back(text, end, overlap), at + 1);
            start += CountOf(text, at, next);
            at = next;
        }
    }

    private static int EndOf(string text, int at, int size, int least)
    {
        int end = at;
        int sentence = 0;
        int space = 0;
        int count = 0;
        while (end < text.Length)
        {
            int length = StringInfo.GetNextTextElementLength(text, end);
            int points = CountOf(text, end, end + length);
            if (count + points > size)
            {
                break;
            }

            count += points;
            char first = text[end];
            bool isBehind = sentence == end && char.IsWhiteSpace(first);
            end += length;
            if (isBehind)
            {
                sentence = end;
            }
            else if (count > least && SentenceEnds.Contains(first, StringComparison.Ordinal))
            {
                sentence = end;
            }
            else if (count > least && char.IsWhiteSpace(first))
            {
                space = end;
            }
        }

        if (end == text.Length)
        {
            return end;
        }

        return sentence > 0 ? sentence : space > 0 ? space
            : end > at ? end : Forward(text, at, size);
    }

    /// <summary>The place so many code points further on.</summary>
    private static int Forward(string text, int at, int count)
    {
        for (; count > 0 && at < text.Length; count--)
        {
            at += CodePoints.SizeAt(text, at);
        }

        return at;
    }

    /// <summary>
    /// The place at most so many code points back at which a character begins, and a word if one
    /// begins there.
    /// </summary>
    private static int Back(string text, int end, int overlap)
    {
        int from = end;
        for (; overlap > 0 && from > 0; overlap--)
        {
            from -= from > 1 && char.IsLowSurrogate(text[from - 1])
                && char.IsHighSurrogate(text[from - 2]) ? 2 : 1;
        }

        // A mark that joins the character before it begins nothing.
        while (from < end && IsInside(text, from))
        {
            from++;
        }

        for (int i = from; i < end - 1; i++)
        {
            if (char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i + 1]))
            {
                return i + 1;
            }
        }

        return from;
    }

    private static bool IsInside(string text, int at) => at > 0
        && (char.IsLowSurrogate(text[at])
            || CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark
            || text[at] == '\u200D' || text[at - 1] == '\u200D');

    private static int CountOf(string text, int from, int to)
    {
        int count = 0;
        for (int at = from; at < to; at += CodePoints.SizeAt(text, at))
        {
            count++;
        }

        return count;
    }
}
