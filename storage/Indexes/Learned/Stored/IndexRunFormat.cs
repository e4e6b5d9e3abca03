using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// The bytes of the file of an index's run, as docs/format.md draws them: a header block that is
/// written last, so that a file a crash left half written is none; pages of 64 KiB, each sealed as
/// those of a segment; their seals.
/// </summary>
internal static class IndexRunFormat
{
    /// <summary>The first eight bytes: "NEUROIDX".</summary>
    public const ulong Magic = 0x58_44_49_4F_52_55_45_4E;

    /// <summary>The version of the format and the codes; a file of another is made again.</summary>
    public const int Version = 4;

    /// <summary>The bytes of the header, and where the pages begin.</summary>
    public const int HeaderSizeBytes = SegmentFormat.BlockSizeBytes;

    /// <summary>Where the salt stands.</summary>
    public const int SaltOffset = 16;

    /// <summary>Where the length of the body stands.</summary>
    public const int BodyLengthOffset = 32;

    /// <summary>
    /// Where the checksum of the header stands: in its first sector, as all that it says, so that a
    /// crash leaves it whole or empty.
    /// </summary>
    public const int CrcOffset = LogFormat.SectorSizeBytes - sizeof(uint);

    /// <summary>The bytes of an <see cref="IndexRunIdentity"/>.</summary>
    public const int IdentitySizeBytes = 48;

    /// <summary>The bytes of the record at the start of the body.</summary>
    public const int RecordSizeBytes = 128;

    /// <summary>Arrays begin at multiples of this.</summary>
    public const int AlignmentBytes = 64;

    /// <summary>The entries that a fence stands for: the first code of each so many.</summary>
    public const int FenceStride = 4096;

    /// <summary>The fences of so many entries.</summary>
    public static int FenceCountOf(int entries) => (entries + FenceStride - 1) / FenceStride;

    /// <summary>The pages of a body.</summary>
    public static int PageCountOf(long bodyLength) =>
        checked((int)SegmentFormat.PageCountOf(bodyLength));

    /// <summary>The next place where an array may begin.</summary>
    public static long Align(long offset) =>
        (offset + AlignmentBytes - 1) / AlignmentBytes * AlignmentBytes;

    /// <summary>Writes the header.</summary>
    public static void WriteHeader(
        Span<byte> header, int sealSizeBytes, ReadOnlySpan<byte> salt, long bodyLength)
    {
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], sealSizeBytes);
        salt.CopyTo(header[SaltOffset..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[BodyLengthOffset..], bodyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(
            header[CrcOffset..], Crc32C.Compute(header[..CrcOffset]));
    }

    /// <summary>Whether a whole header says that another version of the format follows.</summary>
    public static bool IsOfOtherVersion(ReadOnlySpan<byte> header) =>
        IsWhole(header) && BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != Version;

    private static bool IsWhole(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[CrcOffset..])
            == Crc32C.Compute(header[..CrcOffset])
        && BinaryPrimitives.ReadUInt64LittleEndian(header) == Magic;

    /// <summary>Checks a header that is not empty.</summary>
    /// <returns>The bytes of the body.</returns>
    public static long CheckHeader(
        ReadOnlySpan<byte> header, int sealSizeBytes, long fileLength, string path)
    {
        long body = BinaryPrimitives.ReadInt64LittleEndian(header[BodyLengthOffset..]);
        bool isWhole = IsWhole(header)
            && !header[(CrcOffset + sizeof(uint))..].ContainsAnyExcept((byte)0)
            && BinaryPrimitives.ReadInt32LittleEndian(header[8..]) == Version
            && BinaryPrimitives.ReadInt32LittleEndian(header[12..]) == sealSizeBytes
            && body is >= RecordSizeBytes and < int.MaxValue;
        if (!isWhole
            || fileLength != HeaderSizeBytes + body + ((long)PageCountOf(body) * sealSizeBytes))
        {
            throw new CorruptionException(path, 0, "this is not the header of an index's run");
        }

        return body;
    }
}
