namespace NeuroDb.Storage;

/// <summary>The kinds of log records. The numbers are part of the file format.</summary>
internal enum RecordKind : byte
{
    /// <summary>A whole transaction.</summary>
    Commit = 1,

    /// <summary>A part of a large transaction; it counts only if its commit follows.</summary>
    Part = 2,

    /// <summary>The commit of a transaction whose changes are in the parts before.</summary>
    CommitOfParts = 3,

    /// <summary>The parts of this transaction will never be committed.</summary>
    AbandonParts = 4,
}
