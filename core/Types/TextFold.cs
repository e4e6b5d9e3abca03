namespace NeuroDb;

/// <summary>
/// What stands for a text where it is compared by a collation: texts are equal if these are. The
/// numbers are those of the collations and are stored in types of columns.
/// </summary>
internal static class TextFold
{
    /// <summary>By code point.</summary>
    public const byte Binary = 0;

    /// <summary>A to Z as a to z.</summary>
    public const byte NoCase = 1;

    /// <summary>Without regard to the case of any letter.</summary>
    public const byte UnicodeNoCase = 2;

    /// <summary>Without blanks at the end.</summary>
    public const byte TrimEnd = 3;

    /// <summary>The text that is compared; the text itself where nothing changes.</summary>
    public static string Of(byte collation, string text) => collation switch
    {
        NoCase => FoldAscii(text),
        UnicodeNoCase => text.ToUpperInvariant(),
        TrimEnd => text.TrimEnd(' '),
        _ => text,
    };

    private static string FoldAscii(string text) => text.AsSpan().ContainsAnyInRange('A', 'Z')
        ? string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                char unit = source[i];
                span[i] = char.IsAsciiLetterUpper(unit) ? (char)(unit | 0x20) : unit;
            }
        })
        : text;
}
