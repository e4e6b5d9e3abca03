namespace NeuroDb.Tests.Unit;

/// <summary>One change of a <see cref="MemoryFileSystem"/>, kept for crash images.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The name it was done by.</param>
/// <param name="FileId">The file, whatever its name; -1 for a directory.</param>
/// <param name="Offset">Where bytes were written, or the new length.</param>
/// <param name="Data">The bytes written.</param>
/// <param name="Target">The new name of a moved file.</param>
internal sealed record FileOperation(
    FileOperationKind Kind, string Path, int FileId, long Offset, byte[] Data, string Target = "");
