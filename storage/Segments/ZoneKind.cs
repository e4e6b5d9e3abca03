namespace NeuroDb.Storage;

/// <summary>What the directory knows of the values of an extent; part of the format.</summary>
internal enum ZoneKind : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The lowest and the highest value.</summary>
    Exact = 1,

    /// <summary>A value below and one above all values.</summary>
    Enclosing = 2,
}
