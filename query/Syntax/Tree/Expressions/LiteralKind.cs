namespace NeuroDb.Query;

/// <summary>The kinds of constants.</summary>
internal enum LiteralKind
{
    /// <summary>NULL.</summary>
    Null,

    /// <summary>TRUE or FALSE.</summary>
    Boolean,

    /// <summary>Digits, of any length.</summary>
    Integer,

    /// <summary>Digits with a decimal point.</summary>
    Decimal,

    /// <summary>A number with an exponent.</summary>
    Double,

    /// <summary>A text in single quotes.</summary>
    Text,

    /// <summary>Bytes: X'..'.</summary>
    Blob,

    /// <summary>Bits: B'..'.</summary>
    Bits,
}
