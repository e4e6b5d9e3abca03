using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>The fixed start of every frame of the log; docs/format.md draws its bytes.</summary>
/// <param name="Flags">The place of the frame in its group.</param>
/// <param name="PayloadLength">The payload bytes, without stamps and padding.</param>
/// <param name="Lsn">The frame's number; each frame has the number after the one before.</param>
/// <param name="Chain">The stamp of the first sector of the frame before; first 0.</param>
/// <param name="Epoch">Which life of the log the frame belongs to.</param>
/// <param name="RecordCount">The records of the whole group, in its last frame; else 0.</param>
/// <param name="UnorderedBlocks">
/// The blocks behind the frame that hold the rest of its group and were written in no order.
/// </param>
internal readonly record struct FrameHeader(
    FrameFlags Flags,
    int PayloadLength,
    long Lsn,
    uint Chain,
    uint Epoch,
    int RecordCount,
    int UnorderedBlocks)
{
    /// <summary>Writes the header; the CRC over the body is stored later.</summary>
    public void Write(Span<byte> target, int entryLength, uint databaseTag)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[LogFormat.EntryLengthOffset..], entryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(
            target[LogFormat.MagicOffset..], LogFormat.FrameMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(
            target[LogFormat.VersionOffset..], LogFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(target[LogFormat.FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteInt32LittleEndian(
            target[LogFormat.PayloadLengthOffset..], PayloadLength);
        BinaryPrimitives.WriteInt64LittleEndian(target[LogFormat.LsnOffset..], Lsn);
        BinaryPrimitives.WriteUInt32LittleEndian(target[LogFormat.ChainOffset..], Chain);
        BinaryPrimitives.WriteUInt32LittleEndian(target[LogFormat.BodyCrcOffset..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(
            target[LogFormat.DatabaseTagOffset..], databaseTag);
        BinaryPrimitives.WriteUInt32LittleEndian(target[LogFormat.EpochOffset..], Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(
            target[LogFormat.RecordCountOffset..], RecordCount);
        BinaryPrimitives.WriteInt32LittleEndian(
            target[LogFormat.UnorderedBlocksOffset..], UnorderedBlocks);
    }

    /// <summary>Reads a header whose sector was verified.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> source) => new(
        (FrameFlags)BinaryPrimitives.ReadUInt16LittleEndian(source[LogFormat.FlagsOffset..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[LogFormat.PayloadLengthOffset..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[LogFormat.LsnOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[LogFormat.ChainOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[LogFormat.EpochOffset..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[LogFormat.RecordCountOffset..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[LogFormat.UnorderedBlocksOffset..]));

    /// <summary>The length that FASTER stores before the frame.</summary>
    public static int ReadEntryLength(ReadOnlySpan<byte> source) =>
        BinaryPrimitives.ReadInt32LittleEndian(source[LogFormat.EntryLengthOffset..]);

    /// <summary>The magic, to tell foreign bytes from ours.</summary>
    public static uint ReadMagic(ReadOnlySpan<byte> source) =>
        BinaryPrimitives.ReadUInt32LittleEndian(source[LogFormat.MagicOffset..]);

    /// <summary>The format version.</summary>
    public static ushort ReadVersion(ReadOnlySpan<byte> source) =>
        BinaryPrimitives.ReadUInt16LittleEndian(source[LogFormat.VersionOffset..]);

    /// <summary>The CRC over the stamps after the first sector.</summary>
    public static uint ReadBodyCrc(ReadOnlySpan<byte> source) =>
        BinaryPrimitives.ReadUInt32LittleEndian(source[LogFormat.BodyCrcOffset..]);

    /// <summary>The tag of the database.</summary>
    public static uint ReadDatabaseTag(ReadOnlySpan<byte> source) =>
        BinaryPrimitives.ReadUInt32LittleEndian(source[LogFormat.DatabaseTagOffset..]);
}
