namespace NeuroDb.Tests.Unit;

/// <summary>What a <see cref="FileOperation"/> did.</summary>
internal enum FileOperationKind
{
    /// <summary>A new name for a new file.</summary>
    Create,

    /// <summary>A name was taken away.</summary>
    Delete,

    /// <summary>A file got another name.</summary>
    Move,

    /// <summary>Bytes that a flush makes durable.</summary>
    Write,

    /// <summary>Bytes that are durable when the call returns.</summary>
    WriteThrough,

    /// <summary>A new length, made durable by a flush.</summary>
    SetLength,

    /// <summary>All earlier writes to a file are durable.</summary>
    Flush,

    /// <summary>All earlier names in a directory are durable.</summary>
    FlushDirectory,
}
