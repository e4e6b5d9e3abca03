namespace NeuroDb.Storage;

/// <summary>
/// What may follow the tables of a manifest; one that has nothing is left out. The numbers are part
/// of the file format.
/// </summary>
internal enum ManifestSection : byte
{
    /// <summary>The definitions of the indexes.</summary>
    Indexes = 1,

    /// <summary>The moment of the last commit.</summary>
    Moment = 2,

    /// <summary>The large values that rows of the segments refer to.</summary>
    LargeValues = 3,

    /// <summary>What the schemas of tables do not say.</summary>
    TableDetails = 8,

    /// <summary>Views, triggers and sequences.</summary>
    Objects = 9,
}
