namespace NeuroDb.Storage;

/// <summary>
/// The whole state of a database at a checkpoint: everything that was committed up to a timestamp
/// is in the files named here, everything later in the log. Immutable; each checkpoint writes a
/// whole new one under a new number, and SUPER says which one counts.
/// </summary>
internal sealed record Manifest
{
    /// <summary>The database.</summary>
    public required Guid DatabaseId { get; init; }

    /// <summary>The number of this manifest, from 1 on.</summary>
    public required long Number { get; init; }

    /// <summary>The last commit that the files hold.</summary>
    public required long Timestamp { get; init; }

    /// <summary>The greatest number of a table ever given.</summary>
    public required int LastTableId { get; init; }

    /// <summary>The greatest number of a segment ever given.</summary>
    public required long LastSegmentId { get; init; }

    /// <summary>The greatest number of a transaction in parts ever given.</summary>
    public required long LastPartTransaction { get; init; }

    /// <summary>The tables, in ascending order of their numbers.</summary>
    public required IReadOnlyList<ManifestTable> Tables { get; init; }

    /// <summary>
    /// Writes the file and makes it and its name durable. A file of that name can only be one that
    /// was never published, and is replaced.
    /// </summary>
    /// <returns>What SUPER is to say about it.</returns>
    public ManifestReference Write(IFileSystem files, string path)
    {
        byte[] content = ManifestCodec.Encode(this);
        files.Delete(path);
        using (IFile file = files.Open(path, FileOpenKind.Create))
        {
            file.Write(0, content);
            file.Flush();
        }

        string? directory = Path.GetDirectoryName(path);
        Invariant.Check(directory is not null, "a manifest lies in a directory");
        files.FlushDirectory(directory);
        return new ManifestReference(Number, content.Length, ManifestCodec.ReadCrc(content));
    }

    /// <summary>Reads and verifies the manifest that SUPER names.</summary>
    public static Manifest Read(
        IFileSystem files, string path, Guid databaseId, ManifestReference expected)
    {
        Invariant.Check(!expected.IsNone, "SUPER names a manifest");
        if (!files.FileExists(path))
        {
            throw new CorruptionException(path, 0, "the manifest is missing");
        }

        using IFile file = files.Open(path, FileOpenKind.Read);
        long length = file.Length;
        if (length != expected.Length || length > Array.MaxLength)
        {
            throw new CorruptionException(
                path,
                Math.Min(length, expected.Length),
                $"the manifest has {length} bytes, not {expected.Length}");
        }

        byte[] content = new byte[length];
        if (file.Read(0, content) != content.Length)
        {
            throw new CorruptionException(path, 0, "the manifest ends early");
        }

        return ManifestCodec.Decode(content, path, databaseId, expected);
    }
}
