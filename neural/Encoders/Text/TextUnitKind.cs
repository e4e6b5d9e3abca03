namespace NeuroDb.Neural;

/// <summary>What one UTF-16 unit means to the <see cref="TextTokenizer"/>.</summary>
internal enum TextUnitKind : byte
{
    /// <summary>Ends a word and a phrase: punctuation, symbols, controls.</summary>
    Break,

    /// <summary>Ends a word but not a phrase: blanks, underscores, hyphens, apostrophes.</summary>
    Space,

    /// <summary>A full stop, which ends a phrase unless a word follows at once.</summary>
    Dot,

    /// <summary>A capital letter.</summary>
    Upper,

    /// <summary>Any other letter of a script that writes words apart, or a mark on it.</summary>
    Lower,

    /// <summary>A digit or another number.</summary>
    Digit,

    /// <summary>A letter of a script without gaps between words: each is a word.</summary>
    Ideograph,

    /// <summary>The first half of a surrogate pair.</summary>
    HighSurrogate,
}
