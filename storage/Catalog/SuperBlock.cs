using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace NeuroDb.Storage;

/// <summary>
/// What a database says about itself in its file SUPER: two slots of 4 KiB with the same content,
/// as docs/format.md draws them.
/// </summary>
/// <remarks>
/// A change is written to one slot, flushed, then to the other, flushed, and only then acted upon.
/// So if one slot is damaged, the other alone is always good enough; if both are intact, the higher
/// generation counts; if none is, the database is damaged and is not opened.
/// </remarks>
internal sealed record SuperBlock
{
    /// <summary>The bytes of one slot.</summary>
    public const int SlotSizeBytes = 4096;

    /// <summary>The version of the format of the whole directory.</summary>
    public const uint FormatVersion = 2;

    /// <summary>The bytes that encryption keeps here; all zero without it.</summary>
    public const int KeySlotSizeBytes = 256;

    /// <summary>The first eight bytes: "NEURODB1", in every version.</summary>
    public const ulong Magic = 0x31_42_44_4F_52_55_45_4E;

    private const int GuidSizeBytes = 16;
    private const int VersionOffset = 8;
    private const int GenerationOffset = 16;
    private const int IdOffset = 24;
    private const int CreatedOffset = 40;
    private const int ManifestNumberOffset = 48;
    private const int ManifestLengthOffset = 56;
    private const int ManifestCrcOffset = 64;
    private const int TimestampOffset = 72;
    private const int LogAddressOffset = 80;
    private const int LogLsnOffset = 88;
    private const int LogChainOffset = 96;
    private const int LogEpochOffset = 100;
    private const int LogPageSizeOffset = 104;
    private const int LogSegmentSizeOffset = 108;
    private const int KeySlotOffset = 112;
    private const int CodeOffset = KeySlotOffset + KeySlotSizeBytes;
    private const int CrcOffset = SlotSizeBytes - sizeof(uint);

    /// <summary>Grows by one with each change.</summary>
    public required ulong Generation { get; init; }

    /// <summary>Tells files of this database from those of others.</summary>
    public required Guid DatabaseId { get; init; }

    /// <summary>When it was made, in microseconds since 1970-01-01 UTC.</summary>
    public required long CreatedMicroseconds { get; init; }

    /// <summary>The last checkpoint, if there was one.</summary>
    public ManifestReference Manifest { get; init; }

    /// <summary>The last commit of the checkpoint; the log may begin before it.</summary>
    public long CheckpointTimestamp { get; init; }

    /// <summary>Where the log begins.</summary>
    public required LogStart LogStart { get; init; }

    /// <summary>The locked data key of an encrypted database; zeros in a plain one.</summary>
    public ImmutableArray<byte> KeySlot { get; init; } = [.. new byte[KeySlotSizeBytes]];

    /// <summary>The code over the rest of an encrypted database; zeros in a plain one.</summary>
    public ImmutableArray<byte> Code { get; private init; } = NoCode;

    private static ImmutableArray<byte> NoCode { get; } = [.. new byte[KeyRing.CodeSizeBytes]];

    /// <summary>The same under the code that the keys give it; a plain one has none.</summary>
    public SuperBlock Sealed(KeyRing? keys) => this with { Code = CodeOf(keys) };

    /// <summary>Whether the code is the one that the keys give it.</summary>
    public bool IsAuthentic(KeyRing? keys) =>
        CryptographicOperations.FixedTimeEquals(Code.AsSpan(), CodeOf(keys).AsSpan());

    /// <summary>Writes the content into a slot.</summary>
    public void Encode(Span<byte> slot)
    {
        Invariant.Check(slot.Length == SlotSizeBytes);
        Invariant.Check(KeySlot.Length == KeySlotSizeBytes);
        Invariant.Check(IsSound, "what is written can be read");
        slot.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(slot, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[VersionOffset..], FormatVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[GenerationOffset..], Generation);
        Invariant.Check(DatabaseId.TryWriteBytes(slot[IdOffset..], bigEndian: true, out _));
        BinaryPrimitives.WriteInt64LittleEndian(slot[CreatedOffset..], CreatedMicroseconds);
        BinaryPrimitives.WriteInt64LittleEndian(slot[ManifestNumberOffset..], Manifest.Number);
        BinaryPrimitives.WriteInt64LittleEndian(slot[ManifestLengthOffset..], Manifest.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[ManifestCrcOffset..], Manifest.Crc);
        BinaryPrimitives.WriteInt64LittleEndian(slot[TimestampOffset..], CheckpointTimestamp);
        BinaryPrimitives.WriteInt64LittleEndian(slot[LogAddressOffset..], LogStart.Address);
        BinaryPrimitives.WriteInt64LittleEndian(slot[LogLsnOffset..], LogStart.Lsn);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[LogChainOffset..], LogStart.Chain);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[LogEpochOffset..], LogStart.Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(
            slot[LogPageSizeOffset..], LogStart.PageSizeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(
            slot[LogSegmentSizeOffset..], LogStart.SegmentSizeBytes);
        KeySlot.CopyTo(slot[KeySlotOffset..]);
        Code.CopyTo(slot[CodeOffset..]);
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

        CheckVersion(BinaryPrimitives.ReadUInt32LittleEndian(slot[VersionOffset..]), path);
        var super = new SuperBlock
        {
            Generation = BinaryPrimitives.ReadUInt64LittleEndian(slot[GenerationOffset..]),
            DatabaseId = new Guid(slot.Slice(IdOffset, GuidSizeBytes), bigEndian: true),
            CreatedMicroseconds = BinaryPrimitives.ReadInt64LittleEndian(slot[CreatedOffset..]),
            Manifest = new ManifestReference(
                BinaryPrimitives.ReadInt64LittleEndian(slot[ManifestNumberOffset..]),
                BinaryPrimitives.ReadInt64LittleEndian(slot[ManifestLengthOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(slot[ManifestCrcOffset..])),
            CheckpointTimestamp = BinaryPrimitives.ReadInt64LittleEndian(slot[TimestampOffset..]),
            LogStart = new LogStart(
                BinaryPrimitives.ReadInt64LittleEndian(slot[LogAddressOffset..]),
                BinaryPrimitives.ReadInt64LittleEndian(slot[LogLsnOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(slot[LogChainOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(slot[LogEpochOffset..]),
                BinaryPrimitives.ReadInt32LittleEndian(slot[LogPageSizeOffset..]),
                BinaryPrimitives.ReadInt32LittleEndian(slot[LogSegmentSizeOffset..])),
            KeySlot = [.. slot.Slice(KeySlotOffset, KeySlotSizeBytes)],
            Code = CodeIn(slot.Slice(CodeOffset, KeyRing.CodeSizeBytes)),
        };

        // Every byte has one meaning: what would not be written so was not written.
        Span<byte> again = stackalloc byte[SlotSizeBytes];
        if (!super.IsSound)
        {
            return null;
        }

        super.Encode(again);
        return slot.SequenceEqual(again) ? super : null;
    }

    // All plain ones share their zeros, so that equal ones compare as equal.
    private static ImmutableArray<byte> CodeIn(ReadOnlySpan<byte> code) =>
        code.ContainsAnyExcept((byte)0) ? [.. code] : NoCode;

    private ImmutableArray<byte> CodeOf(KeyRing? keys)
    {
        if (keys is null)
        {
            return NoCode;
        }

        Span<byte> slot = stackalloc byte[SlotSizeBytes];
        (this with { Code = NoCode }).Encode(slot);
        Span<byte> code = stackalloc byte[KeyRing.CodeSizeBytes];
        keys.Authenticate(slot[..CodeOffset], code);
        return [.. code];
    }

    private bool IsSound =>
        Generation > 0
        && LogStart.IsSound
        && CheckpointTimestamp >= 0
        && (Manifest.IsNone
            ? Manifest == ManifestReference.None && CheckpointTimestamp == 0
            : Manifest.Number > 0 && Manifest.Length > 0);

    private static void CheckVersion(uint version, string path)
    {
        if (version > FormatVersion)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"The database of {path} has format {version}; this version of NeuroStore knows "
                + $"formats up to {FormatVersion}. Open it with a newer version.");
        }

        if (version < FormatVersion)
        {
            throw new NeuroStoreException(
                ErrorCode.OlderFormat,
                $"The database of {path} has format {version}, which an early version of "
                + $"NeuroStore wrote; this version reads format {FormatVersion} and changed "
                + "nothing. Open it with the early version, export its tables, and load them "
                + "into a new database.");
        }
    }
}
