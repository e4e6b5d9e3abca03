namespace NeuroDb.Storage;

/// <summary>
/// What a file is, as it goes into the file's key: a file that stands in the place of one of
/// another kind does not open. The numbers are part of the format.
/// </summary>
internal enum FileKind : ushort
{
    /// <summary>The file SUPER.</summary>
    Super = 1,

    /// <summary>The files of the log; their number is the epoch.</summary>
    Log = 2,

    /// <summary>A segment.</summary>
    Segment = 3,

    /// <summary>A manifest.</summary>
    Manifest = 4,

    /// <summary>The rows of a segment that are deleted.</summary>
    Deletes = 5,

    /// <summary>A large value.</summary>
    Blob = 6,

    /// <summary>What a query puts aside.</summary>
    Spill = 7,

    /// <summary>What is kept of the past.</summary>
    History = 8,

    /// <summary>The index of a segment's vectors.</summary>
    VectorIndex = 9,

    /// <summary>The run of an index over a segment.</summary>
    IndexRun = 10,
}
