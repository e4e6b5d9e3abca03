namespace NeuroDb.Storage;

/// <summary>
/// What a log is fixed to for its life: the database it belongs to and its sizes. SUPER holds it;
/// every frame repeats it as a tag.
/// </summary>
/// <param name="DatabaseId">The database.</param>
/// <param name="Epoch">Which life of the log this is.</param>
/// <param name="PageSizeBytes">The unit of memory and the largest frame.</param>
/// <param name="SegmentSizeBytes">The size of one file.</param>
internal sealed record LogIdentity(
    Guid DatabaseId, uint Epoch, int PageSizeBytes, int SegmentSizeBytes)
{
    private const int GuidSizeBytes = 16;

    /// <summary>The tag that every frame carries.</summary>
    public uint DatabaseTag { get; init; } = TagOf(DatabaseId);

    /// <summary>The identity of the log of a database.</summary>
    public static LogIdentity Of(Guid databaseId, in LogStart start) =>
        new(databaseId, start.Epoch, start.PageSizeBytes, start.SegmentSizeBytes);

    /// <summary>The tag of a database: the CRC-32C of its identifier, big-endian.</summary>
    public static uint TagOf(Guid databaseId)
    {
        Span<byte> bytes = stackalloc byte[GuidSizeBytes];
        _ = databaseId.TryWriteBytes(bytes, bigEndian: true, out _);
        return Crc32C.Compute(bytes);
    }
}
