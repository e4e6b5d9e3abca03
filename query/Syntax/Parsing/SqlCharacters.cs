using System.Globalization;

namespace NeuroDb.Query;

/// <summary>Which characters make names: the letters, marks and digits of every script.</summary>
internal static class SqlCharacters
{
    /// <summary>Whether a name may begin at an offset.</summary>
    public static bool IsNameStart(string text, int offset)
    {
        char character = At(text, offset);
        return char.IsAsciiLetter(character)
            || character == '_'
            || (character >= 0x80
                && (char.IsLetter(character) || IsSurrogatePair(text, offset)));
    }

    /// <summary>Whether a name that has begun goes on at an offset.</summary>
    public static bool IsNamePart(string text, int offset)
    {
        char character = At(text, offset);
        if (char.IsAsciiLetterOrDigit(character) || character is '_' or '$')
        {
            return true;
        }

        return character >= 0x80
            && (char.IsLetterOrDigit(character)
                || IsSurrogatePair(text, offset)
                || IsSurrogatePair(text, offset - 1)
                || CharUnicodeInfo.GetUnicodeCategory(character)
                    is UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark);
    }

    private static char At(string text, int offset) =>
        offset >= 0 && offset < text.Length ? text[offset] : '\0';

    private static bool IsSurrogatePair(string text, int offset) =>
        char.IsHighSurrogate(At(text, offset)) && char.IsLowSurrogate(At(text, offset + 1));
}
