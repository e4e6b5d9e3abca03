using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// What a log is fixed to for its life: the database it belongs to and its sizes. Stored in the
/// header frame, repeated as a tag in every frame.
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
    public uint DatabaseTag { get; } = TagOf(DatabaseId);

    /// <summary>The tag of a database: the CRC-32C of its identifier, big-endian.</summary>
    public static uint TagOf(Guid databaseId)
    {
        Span<byte> bytes = stackalloc byte[GuidSizeBytes];
        _ = databaseId.TryWriteBytes(bytes, bigEndian: true, out _);
        return Crc32C.Compute(bytes);
    }

    /// <summary>Writes the payload of the header frame.</summary>
    public void WritePayload(Span<byte> target)
    {
        Invariant.Check(target.Length == LogFormat.HeaderPayloadSizeBytes);
        _ = DatabaseId.TryWriteBytes(target, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(target[GuidSizeBytes..], PageSizeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(target[(GuidSizeBytes + 4)..], SegmentSizeBytes);
    }

    /// <summary>Reads the payload of a verified header frame.</summary>
    public static LogIdentity ReadPayload(ReadOnlySpan<byte> source, uint epoch) => new(
        new Guid(source[..GuidSizeBytes], bigEndian: true),
        epoch,
        BinaryPrimitives.ReadInt32LittleEndian(source[GuidSizeBytes..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[(GuidSizeBytes + 4)..]));
}
