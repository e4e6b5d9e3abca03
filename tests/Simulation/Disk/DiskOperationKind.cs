namespace NeuroDb.Tests.Simulation;

/// <summary>What a process did to a <see cref="SimulatedDisk"/>.</summary>
internal enum DiskOperationKind
{
    /// <summary>A directory, with those above it; durable when the call returns.</summary>
    CreateDirectory,

    /// <summary>A file got a name; durable after a flush of the directory.</summary>
    Create,

    /// <summary>A file lost its name; durable after a flush of the directory.</summary>
    Delete,

    /// <summary>A file changed its name; durable after a flush of the directory.</summary>
    Move,

    /// <summary>Bytes that a flush makes durable.</summary>
    Write,

    /// <summary>Bytes that are durable when the call returns.</summary>
    WriteThrough,

    /// <summary>A new length, made durable by a flush.</summary>
    SetLength,

    /// <summary>All earlier writes to a file are durable.</summary>
    Flush,

    /// <summary>
    /// A flush that failed: any part of the earlier writes is durable, and no later flush writes
    /// the rest, because the system takes it for written.
    /// </summary>
    FailedFlush,

    /// <summary>All earlier names in a directory are durable.</summary>
    FlushDirectory,
}
