namespace NeuroDb.Tests.Simulation;

/// <summary>The calls of a file system that can fail.</summary>
internal enum DiskCallKind
{
    /// <summary>Opening an existing file.</summary>
    Open,

    /// <summary>Making a file.</summary>
    Create,

    /// <summary>Reading bytes, or the length.</summary>
    Read,

    /// <summary>Writing bytes.</summary>
    Write,

    /// <summary>Making the writes of a file durable.</summary>
    Flush,

    /// <summary>Cutting or extending a file.</summary>
    SetLength,

    /// <summary>Renaming a file.</summary>
    Move,

    /// <summary>Removing a file.</summary>
    Delete,

    /// <summary>Making the names of a directory durable.</summary>
    FlushDirectory,

    /// <summary>Making a directory.</summary>
    CreateDirectory,

    /// <summary>Listing a directory.</summary>
    List,

    /// <summary>Locking the database.</summary>
    Lock,
}
