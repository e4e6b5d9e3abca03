using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// What a database says about itself in its file SUPER: two slots of 4 KiB with the same content,
/// each <c>magic 8 | version u32 | reserved u32 | generation u64 | database id 16 | created i64 |
/// zeros | CRC-32C u32</c>, little-endian.
/// </summary>
/// <remarks>
/// A change is written to one slot, flushed, then to the other, flushed, and only then acted upon.
/// So if one slot is damaged, the other alone is always good enough; if both are intact, the higher
/// generation counts; if none is, the database is damaged and is not opened.
/// </remarks>
/// <param name="Generation">Grows with each change.</param>
/// <param name="DatabaseId">Tells files of this database from those of others.</param>
/// <param name="CreatedMicroseconds">When it was made, since 1970-01-01 UTC.</param>
internal sealed record SuperBlock(ulong Generation, Guid DatabaseId, long CreatedMicroseconds)
{
    /// <summary>The bytes of one slot.</summary>
    public const int SlotSizeBytes = 4096;

    /// <summary>The version of the format of the whole directory.</summary>
    public const uint FormatVersion = 1;

    private const ulong Magic = 0x31_42_44_4F_52_55_45_4E; // "NEURODB1"
    private const int VersionOffset = 8;
    private const int GenerationOffset = 16;
    private const int IdOffset = 24;
    private const int CreatedOffset = 40;
    private const int ContentSizeBytes = 48;
    private const int CrcOffset = SlotSizeBytes - sizeof(uint);

    /// <summary>Writes the content into a slot.</summary>
    public void Encode(Span<byte> slot)
    {
        Invariant.Check(slot.Length == SlotSizeBytes);
        slot.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(slot, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[VersionOffset..], FormatVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[GenerationOffset..], Generation);
        Invariant.Check(DatabaseId.TryWriteBytes(slot[IdOffset..]));
        BinaryPrimitives.WriteInt64LittleEndian(slot[CreatedOffset..], CreatedMicroseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(
            slot[CrcOffset..], Crc32C.Compute(slot[..CrcOffset]));
    }

    /// <summary>Reads a slot; null if it is damaged.</summary>
    /// <param name="slot">The bytes.</param>
    /// <param name="path">The file, for the error.</param>
    public static SuperBlock? Decode(ReadOnlySpan<byte> slot, string path)
    {
        Invariant.Check(slot.Length == SlotSizeBytes);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(slot[CrcOffset..]);
        if (Crc32C.Compute(slot[..CrcOffset]) != crc
            || BinaryPrimitives.ReadUInt64LittleEndian(slot) != Magic)
        {
            return null;
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(slot[VersionOffset..]);
        if (version > FormatVersion)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"The database of {path} has format {version}; this version of NeuroStore knows "
                + $"formats up to {FormatVersion}. Open it with a newer version.");
        }

        bool isEmpty = slot[ContentSizeBytes..CrcOffset].IndexOfAnyExcept((byte)0) < 0;
        if (version == 0 || !isEmpty)
        {
            return null;
        }

        return new SuperBlock(
            BinaryPrimitives.ReadUInt64LittleEndian(slot[GenerationOffset..]),
            new Guid(slot.Slice(IdOffset, 16)),
            BinaryPrimitives.ReadInt64LittleEndian(slot[CreatedOffset..]));
    }
}
