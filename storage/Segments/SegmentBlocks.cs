using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// The first and the last block of a segment file: who it is, and where its directory stands.
/// </summary>
internal static class SegmentBlocks
{
    private const int VersionOffset = 8;
    private const int SealSizeOffset = 12;
    private const int DatabaseOffset = 16;
    private const int TableOffset = 32;
    private const int SegmentOffset = 40;
    private const int SaltOffset = 48;
    private const int RowCountOffset = 48;
    private const int DirectoryOffset = 56;
    private const int DirectoryLengthOffset = 64;
    private const int PageCountOffset = 72;
    private const int DirectorySealOffset = 80;
    private const int FooterSaltOffset = 96;
    private const int FooterSizeBytes = FooterSaltOffset + PageGuard.SaltSizeBytes;

    /// <summary>The first block.</summary>
    public static byte[] Header(
        SegmentIdentity identity, int sealSizeBytes, ReadOnlySpan<byte> salt)
    {
        Invariant.Check(salt.Length == PageGuard.SaltSizeBytes);
        byte[] block = Identify(identity, sealSizeBytes);
        salt.CopyTo(block.AsSpan(SaltOffset));
        Close(block);
        return block;
    }

    /// <summary>The last block.</summary>
    public static byte[] Footer(
        SegmentIdentity identity,
        int sealSizeBytes,
        in SegmentLayout layout,
        ReadOnlySpan<byte> directorySeal,
        ReadOnlySpan<byte> salt)
    {
        Invariant.Check(directorySeal.Length == sealSizeBytes);
        Invariant.Check(salt.Length == PageGuard.SaltSizeBytes);
        byte[] block = Identify(identity, sealSizeBytes);
        Span<byte> target = block;
        BinaryPrimitives.WriteInt64LittleEndian(target[RowCountOffset..], layout.RowCount);
        BinaryPrimitives.WriteInt64LittleEndian(
            target[DirectoryOffset..], layout.DirectoryOffset);
        BinaryPrimitives.WriteInt64LittleEndian(
            target[DirectoryLengthOffset..], layout.DirectoryLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[PageCountOffset..], layout.PageCount);
        directorySeal.CopyTo(target[DirectorySealOffset..]);
        salt.CopyTo(target[FooterSaltOffset..]);
        Close(block);
        return block;
    }

    /// <summary>The checksum that a block has at its end.</summary>
    public static uint CrcOf(ReadOnlySpan<byte> block) =>
        BinaryPrimitives.ReadUInt32LittleEndian(block[SegmentFormat.CrcOffset..]);

    /// <summary>Checks that a footer is whole, of a known version and of this segment.</summary>
    /// <param name="block">The block.</param>
    /// <param name="identity">Which segment it must be.</param>
    /// <param name="sealSizeBytes">The bytes of a seal.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="offset">Where the block stands, for errors.</param>
    public static void CheckFooter(
        ReadOnlySpan<byte> block,
        SegmentIdentity identity,
        int sealSizeBytes,
        string path,
        long offset)
    {
        if (CrcOf(block) != Crc32C.Compute(block[..SegmentFormat.CrcOffset]))
        {
            throw new CorruptionException(path, offset, "the footer's checksum does not match");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(block[VersionOffset..]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(block) == SegmentFormat.Magic
            && version > SegmentFormat.Version)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"{path} has format {version}; this version of NeuroStore knows formats up to "
                + $"{SegmentFormat.Version}. Open it with a newer version.");
        }

        byte[] expected = Identify(identity, sealSizeBytes);
        int same = block[..RowCountOffset].CommonPrefixLength(expected);
        int used = DirectorySealOffset + sealSizeBytes;
        if (same < RowCountOffset
            || block[used..FooterSaltOffset].ContainsAnyExcept((byte)0)
            || block[FooterSizeBytes..SegmentFormat.CrcOffset].ContainsAnyExcept((byte)0))
        {
            throw new CorruptionException(
                path, offset, $"this is not the footer of {identity}");
        }
    }

    /// <summary>
    /// Checks that a block is the header of this segment, byte for byte but for the salt, which
    /// only the guard can judge.
    /// </summary>
    public static void CheckHeader(
        ReadOnlySpan<byte> block, SegmentIdentity identity, int sealSizeBytes, string path)
    {
        byte[] expected = Header(identity, sealSizeBytes, SaltOf(block));
        int same = block.CommonPrefixLength(expected);
        if (same < expected.Length)
        {
            throw new CorruptionException(path, same, $"this is not the header of {identity}");
        }
    }

    /// <summary>
    /// Whether a block is a whole footer: header and footer differ in that only the footer leads to
    /// a directory.
    /// </summary>
    public static bool IsFooter(ReadOnlySpan<byte> block) =>
        BinaryPrimitives.ReadUInt64LittleEndian(block) == SegmentFormat.Magic
        && CrcOf(block) == Crc32C.Compute(block[..SegmentFormat.CrcOffset])
        && LayoutOf(block) is
        {
            RowCount: >= 0 and <= SegmentFormat.RowCountMax,
            PageCount: >= 0,
            DirectoryOffset: >= SegmentFormat.BlockSizeBytes,
            DirectoryLength: >= SegmentFormat.DirectoryHeaderSizeBytes and <= int.MaxValue,
        };

    /// <summary>Which segment a whole block says that it is of.</summary>
    public static SegmentIdentity IdentityOf(ReadOnlySpan<byte> block) => new(
        new Guid(block.Slice(DatabaseOffset, 16), bigEndian: true),
        BinaryPrimitives.ReadInt32LittleEndian(block[TableOffset..]),
        BinaryPrimitives.ReadInt64LittleEndian(block[SegmentOffset..]));

    /// <summary>The salt in a header.</summary>
    public static ReadOnlySpan<byte> SaltOf(ReadOnlySpan<byte> block) =>
        block.Slice(SaltOffset, PageGuard.SaltSizeBytes);

    /// <summary>The salt in a footer, the same as in the header.</summary>
    public static ReadOnlySpan<byte> FooterSaltOf(ReadOnlySpan<byte> block) =>
        block.Slice(FooterSaltOffset, PageGuard.SaltSizeBytes);

    /// <summary>Reads the layout from a footer that was checked.</summary>
    public static SegmentLayout LayoutOf(ReadOnlySpan<byte> block) => new(
        BinaryPrimitives.ReadInt64LittleEndian(block[RowCountOffset..]),
        BinaryPrimitives.ReadInt64LittleEndian(block[DirectoryOffset..]),
        BinaryPrimitives.ReadInt64LittleEndian(block[DirectoryLengthOffset..]),
        BinaryPrimitives.ReadInt64LittleEndian(block[PageCountOffset..]));

    /// <summary>The seal of the directory in a footer that was checked.</summary>
    public static ReadOnlySpan<byte> DirectorySealOf(
        ReadOnlySpan<byte> block, int sealSizeBytes) =>
        block.Slice(DirectorySealOffset, sealSizeBytes);

    private static byte[] Identify(SegmentIdentity identity, int sealSizeBytes)
    {
        var block = new byte[SegmentFormat.BlockSizeBytes];
        Span<byte> target = block;
        BinaryPrimitives.WriteUInt64LittleEndian(target, SegmentFormat.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[VersionOffset..], SegmentFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[SealSizeOffset..], sealSizeBytes);
        _ = identity.DatabaseId.TryWriteBytes(target[DatabaseOffset..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(target[TableOffset..], identity.TableId);
        BinaryPrimitives.WriteInt64LittleEndian(target[SegmentOffset..], identity.SegmentId);
        return block;
    }

    private static void Close(Span<byte> block) =>
        BinaryPrimitives.WriteUInt32LittleEndian(
            block[SegmentFormat.CrcOffset..],
            Crc32C.Compute(block[..SegmentFormat.CrcOffset]));
}
