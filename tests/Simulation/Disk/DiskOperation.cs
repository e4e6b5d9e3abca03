namespace NeuroDb.Tests.Simulation;

/// <summary>One change in the journal of a <see cref="SimulatedDisk"/>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The file or directory.</param>
/// <param name="FileId">The file, whatever its name; -1 for a directory.</param>
/// <param name="Offset">Where bytes were written, or the new length.</param>
/// <param name="Data">The bytes that were written.</param>
/// <param name="Target">The new name of a file that was moved.</param>
internal sealed record DiskOperation(
    DiskOperationKind Kind,
    string Path,
    int FileId,
    long Offset,
    byte[] Data,
    string Target = "")
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        DiskOperationKind.Write or DiskOperationKind.WriteThrough =>
            $"{Kind} {Path} {Offset}+{Data.Length}",
        DiskOperationKind.SetLength => $"{Kind} {Path} {Offset}",
        DiskOperationKind.Move => $"{Kind} {Path} to {Target}",
        _ => $"{Kind} {Path}",
    };
}
