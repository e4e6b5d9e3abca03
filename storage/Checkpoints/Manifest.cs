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

    /// <summary>
    /// The moment of that commit, in microseconds since 1970-01-01 UTC; 0 if it is not known.
    /// </summary>
    public long Moment { get; init; }

    /// <summary>The greatest number of a table ever given.</summary>
    public required int LastTableId { get; init; }

    /// <summary>The greatest number of a segment ever given.</summary>
    public required long LastSegmentId { get; init; }

    /// <summary>The greatest number of a transaction in parts ever given.</summary>
    public required long LastPartTransaction { get; init; }

    /// <summary>The tables, in ascending order of their numbers.</summary>
    public required IReadOnlyList<ManifestTable> Tables { get; init; }

    /// <summary>The indexes, in ascending order of their numbers.</summary>
    public IReadOnlyList<IndexSchema> Indexes { get; init; } = [];

    /// <summary>The views, triggers and sequences, in the order of their keys.</summary>
    public IReadOnlyList<CatalogObject> Objects { get; init; } = [];

    /// <summary>
    /// The large values that live rows of the segments refer to, in ascending order of the segments
    /// and of their numbers.
    /// </summary>
    public IReadOnlyList<SegmentLargeValue> LargeValues { get; init; } = [];

    /// <summary>
    /// Writes the file and makes it and its name durable. A file of that name can only be one that
    /// was never published, and is replaced.
    /// </summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The path.</param>
    /// <param name="keys">The keys of the database, or null in a plain one.</param>
    /// <returns>What SUPER is to say about it.</returns>
    public ManifestReference Write(IFileSystem files, string path, KeyRing? keys = null)
    {
        byte[] content = ManifestCodec.Encode(this);
        byte[] stored = SealedFile.Seal(keys, FileKind.Manifest, Number, content);
        files.Delete(path);
        using (IFile file = files.Open(path, FileOpenKind.Create))
        {
            file.Write(0, stored);
            file.Flush();
        }

        string? directory = Path.GetDirectoryName(path);
        Invariant.Check(directory is not null, "a manifest lies in a directory");
        files.FlushDirectory(directory);
        return new ManifestReference(Number, stored.Length, CrcOf(stored, keys));
    }

    /// <summary>Reads and verifies the manifest that SUPER names.</summary>
    public static Manifest Read(
        IFileSystem files,
        string path,
        Guid databaseId,
        ManifestReference expected,
        KeyRing? keys = null)
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

        byte[] stored = new byte[length];
        if (file.Read(0, stored) != stored.Length)
        {
            throw new CorruptionException(path, 0, "the manifest ends early");
        }

        return keys is null
            ? ManifestCodec.Decode(stored, path, databaseId, expected)
            : DecodeSealed(stored, path, databaseId, expected, keys);
    }

    private static Manifest DecodeSealed(
        byte[] stored, string path, Guid databaseId, ManifestReference expected, KeyRing keys)
    {
        if (CrcOf(stored, keys) != expected.Crc)
        {
            throw new CorruptionException(path, 0, "this is not the manifest that SUPER names");
        }

        byte[] content = SealedFile.Open(
            keys, FileKind.Manifest, expected.Number, stored, path);
        var inner = new ManifestReference(
            expected.Number, content.Length, ManifestCodec.ReadCrc(content));
        return ManifestCodec.Decode(content, path, databaseId, inner);
    }

    // SUPER is not secret, so it holds no checksum of what is: that would tell of the content.
    private static uint CrcOf(byte[] stored, KeyRing? keys) =>
        keys is null ? ManifestCodec.ReadCrc(stored) : Crc32C.Compute(stored);
}
