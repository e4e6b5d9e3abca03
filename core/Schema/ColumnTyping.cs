namespace NeuroDb;

/// <summary>Where the type of a column comes from.</summary>
internal enum ColumnTyping : byte
{
    /// <summary>Its definition says it.</summary>
    Declared = 0,

    /// <summary>
    /// Its definition has no type and no value came yet: all its values are NULL, and the first
    /// one that is not gives the type.
    /// </summary>
    Open = 1,

    /// <summary>
    /// Its definition has no type; its values gave the one it has, which further values may widen.
    /// </summary>
    Taken = 2,
}
