namespace NeuroDb.Query;

/// <summary>How a binary file holds the elements of its vectors; little-endian.</summary>
internal enum ElementKind
{
    /// <summary>16-bit floats.</summary>
    Half,

    /// <summary>The upper halves of 32-bit floats.</summary>
    BrainFloat,

    /// <summary>32-bit floats.</summary>
    Single,

    /// <summary>64-bit floats.</summary>
    Double,

    /// <summary>Signed bytes.</summary>
    SByte,

    /// <summary>Unsigned bytes.</summary>
    Byte,

    /// <summary>16-bit integers.</summary>
    Int16,

    /// <summary>32-bit integers.</summary>
    Int32,

    /// <summary>64-bit integers.</summary>
    Int64,
}
