using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// Seals pages with a CRC-32C that starts from the identity of the file and the page number. For
/// the same bytes two starts never give the same checksum, so a page of another place or another
/// file is found out even where its content is the same.
/// </summary>
internal sealed class ChecksumPageGuard : PageGuard
{
    private const int SeedSizeBytes = 24;
    private readonly SegmentIdentity _identity;
    private readonly uint _databaseTag;

    /// <summary>Makes the guard of one file.</summary>
    public ChecksumPageGuard(SegmentIdentity identity)
    {
        _identity = identity;
        _databaseTag = identity.DatabaseTag;
    }

    /// <inheritdoc/>
    public override int SealSizeBytes => sizeof(uint);

    /// <inheritdoc/>
    public override void Seal(long pageNumber, Span<byte> page, Span<byte> seal) =>
        _ = TrySealUnchanged(pageNumber, page, seal);

    /// <inheritdoc/>
    public override bool TrySealUnchanged(
        long pageNumber, ReadOnlySpan<byte> page, Span<byte> seal)
    {
        Invariant.Check(seal.Length == sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(
            seal, Crc32C.Compute(page, SeedOf(pageNumber)));
        return true;
    }

    /// <inheritdoc/>
    public override bool TryOpen(long pageNumber, Span<byte> page, ReadOnlySpan<byte> seal)
    {
        Invariant.Check(seal.Length == sizeof(uint));
        return BinaryPrimitives.ReadUInt32LittleEndian(seal)
            == Crc32C.Compute(page, SeedOf(pageNumber));
    }

    private uint SeedOf(long pageNumber)
    {
        Span<byte> seed = stackalloc byte[SeedSizeBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(seed, _databaseTag);
        BinaryPrimitives.WriteInt32LittleEndian(seed[4..], _identity.TableId);
        BinaryPrimitives.WriteInt64LittleEndian(seed[8..], _identity.SegmentId);
        BinaryPrimitives.WriteInt64LittleEndian(seed[16..], pageNumber);
        return Crc32C.Compute(seed);
    }
}
