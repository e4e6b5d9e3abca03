namespace NeuroDb.Query;

/// <summary>The rules by which texts compare.</summary>
internal enum Collation
{
    /// <summary>binary: by code point.</summary>
    Binary = TextFold.Binary,

    /// <summary>nocase: A to Z as a to z, as in SQLite.</summary>
    NoCase = TextFold.NoCase,

    /// <summary>unicode_nocase: without regard to the case of any letter.</summary>
    UnicodeNoCase = TextFold.UnicodeNoCase,

    /// <summary>rtrim: without blanks at the end, as in SQLite.</summary>
    TrimEnd = TextFold.TrimEnd,
}
