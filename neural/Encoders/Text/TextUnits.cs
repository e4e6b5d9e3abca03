using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>Classifies UTF-16 units for the <see cref="TextTokenizer"/>.</summary>
internal static class TextUnits
{
    private const char FullWidthFirst = '\uFF01';
    private const char FullWidthLast = '\uFF5E';

    private static readonly TextUnitKind[] Ascii = AsciiKinds();

    /// <summary>The kind of a unit.</summary>
    public static TextUnitKind KindOf(char unit) =>
        unit < Ascii.Length ? Ascii[unit] : KindOfOther(unit);

    /// <summary>
    /// The unit as a feature sees it: lower case by the invariant culture, full-width Latin letters
    /// and digits as in ASCII.
    /// </summary>
    public static char Fold(char unit)
    {
        if (unit < Ascii.Length)
        {
            return unit is >= 'A' and <= 'Z' ? (char)(unit | 0x20) : unit;
        }

        return char.ToLowerInvariant(Narrow(unit));
    }

    /// <summary>Whether a surrogate pair is a letter, which then counts as an ideograph.</summary>
    public static bool IsLetterPair(char high, char low) =>
        char.IsLowSurrogate(low)
        && CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(high, low))
            is UnicodeCategory.OtherLetter
            or UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.ModifierLetter;

    private static char Narrow(char unit) =>
        unit is >= FullWidthFirst and <= FullWidthLast ? (char)(unit - 0xFEE0) : unit;

    private static TextUnitKind KindOfOther(char unit)
    {
        char narrow = Narrow(unit);
        if (narrow != unit)
        {
            return Ascii[narrow];
        }

        switch (char.GetUnicodeCategory(unit))
        {
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter:
                return TextUnitKind.Upper;
            case UnicodeCategory.LowercaseLetter:
                return TextUnitKind.Lower;
            case UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark:
                return IsWrittenWithoutGaps(unit) ? TextUnitKind.Ideograph : TextUnitKind.Lower;
            case UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber:
                return TextUnitKind.Digit;
            case UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                or UnicodeCategory.DashPunctuation or UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.Format:
                return TextUnitKind.Space;
            case UnicodeCategory.Surrogate when char.IsHighSurrogate(unit):
                return TextUnitKind.HighSurrogate;
            default:
                return TextUnitKind.Break;
        }
    }

    // Thai to Lao and Tibetan, Myanmar, Khmer, then Han with kana, bopomofo and hangul.
    private static bool IsWrittenWithoutGaps(char unit) => unit
        is (>= '\u0E00' and <= '\u109F')
        or (>= '\u1100' and <= '\u11FF')
        or (>= '\u1780' and <= '\u17FF')
        or (>= '\u2E80' and <= '\uA4CF')
        or (>= '\uAC00' and <= '\uD7FF')
        or (>= '\uF900' and <= '\uFAFF')
        or (>= '\uFF66' and <= '\uFFDC');

    private static TextUnitKind[] AsciiKinds()
    {
        var kinds = new TextUnitKind[128];
        for (char unit = '\0'; unit < kinds.Length; unit++)
        {
            kinds[unit] = unit switch
            {
                >= 'A' and <= 'Z' => TextUnitKind.Upper,
                >= 'a' and <= 'z' => TextUnitKind.Lower,
                >= '0' and <= '9' => TextUnitKind.Digit,
                ' ' or '\t' or '\n' or '\r' or '_' or '-' or '\'' => TextUnitKind.Space,
                '.' => TextUnitKind.Dot,
                _ => TextUnitKind.Break,
            };
        }

        return kinds;
    }
}
