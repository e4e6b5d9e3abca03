using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// The bytes of a file with one large value, as docs/format.md draws them: a header, then pages of
/// the value, each with its seal behind it.
/// </summary>
internal static class LargeValueFormat
{
    /// <summary>The first eight bytes: "NEUROBIG".</summary>
    public const ulong Magic = 0x47_49_42_4F_52_55_45_4E;

    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>The bytes of the header.</summary>
    public const int HeaderSizeBytes = 64;

    /// <summary>The bytes of the value in a page; fewer only in the last one.</summary>
    public const int PageSizeBytes = 64 * 1024;

    private const int GuidSizeBytes = 16;
    private const int CrcOffset = HeaderSizeBytes - sizeof(uint);

    /// <summary>The guard of the pages.</summary>
    /// <param name="keys">The keys of the database, or null in a plain one.</param>
    /// <param name="databaseId">The database.</param>
    /// <param name="number">The number of the file.</param>
    /// <param name="stamp">
    /// A random number that stands in the header, so that no page of an earlier file of the same
    /// number fits a plain one; an encrypted one has its salt.
    /// </param>
    public static PageGuard GuardOf(KeyRing? keys, Guid databaseId, long number, uint stamp) =>
        keys is null
            ? new ChecksumPageGuard(
                new SegmentIdentity(databaseId, unchecked((int)stamp), number))
            : new GcmPageGuard(keys, FileKind.Blob, number);

    /// <summary>The header of a file.</summary>
    public static byte[] Header(
        Guid databaseId, long number, int sealSizeBytes, uint stamp, ReadOnlySpan<byte> salt)
    {
        var header = new byte[HeaderSizeBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), sealSizeBytes);
        Invariant.Check(databaseId.TryWriteBytes(
            header.AsSpan(16, GuidSizeBytes), bigEndian: true, out _));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), number);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), stamp);
        salt.CopyTo(header.AsSpan(44, PageGuard.SaltSizeBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(
            header.AsSpan(CrcOffset), Crc32C.Compute(header.AsSpan(0, CrcOffset)));
        return header;
    }

    /// <summary>The checksum of a header.</summary>
    public static uint CrcOf(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[CrcOffset..]);

    /// <summary>The random number of a header.</summary>
    public static uint StampOf(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[40..]);

    /// <summary>The salt of a header.</summary>
    public static ReadOnlySpan<byte> SaltOf(ReadOnlySpan<byte> header) =>
        header.Slice(44, PageGuard.SaltSizeBytes);

    /// <summary>The pages of a value.</summary>
    public static long PageCountOf(long sizeBytes) =>
        (sizeBytes + PageSizeBytes - 1) / PageSizeBytes;

    /// <summary>The length of the file of a value.</summary>
    public static long FileLengthOf(long sizeBytes, int sealSizeBytes) =>
        HeaderSizeBytes + sizeBytes + (PageCountOf(sizeBytes) * sealSizeBytes);

    /// <summary>Where a page begins.</summary>
    public static long OffsetOf(long page, int sealSizeBytes) =>
        HeaderSizeBytes + (page * (PageSizeBytes + sealSizeBytes));
}
