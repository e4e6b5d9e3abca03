namespace NeuroDb;

/// <summary>How <see cref="IFileSystem.Open"/> opens a file.</summary>
internal enum FileOpenKind
{
    /// <summary>An existing file, for reading only.</summary>
    Read,

    /// <summary>An existing file, for reading and writing.</summary>
    Write,

    /// <summary>A new file, for reading and writing; an existing one is an error.</summary>
    Create,
}
