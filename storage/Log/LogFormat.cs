namespace NeuroDb.Storage;

/// <summary>
/// The constants of the log's files, as docs/format.md draws them. They are the format: changing
/// one needs a new <see cref="Version"/>.
/// </summary>
internal static class LogFormat
{
    /// <summary>The first four bytes of a frame after FASTER's length: "NLOG".</summary>
    public const uint FrameMagic = 0x474F4C4E;

    /// <summary>The first four bytes of a watermark slot: "NWTM".</summary>
    public const uint WatermarkMagic = 0x4D54574E;

    /// <summary>The version of frames and watermarks.</summary>
    public const ushort Version = 2;

    /// <summary>What a disk writes as one piece, in bytes.</summary>
    public const int SectorSizeBytes = 512;

    /// <summary>The bytes of a sector before its stamp.</summary>
    public const int SectorDataSizeBytes = SectorSizeBytes - StampSizeBytes;

    /// <summary>The CRC-32C at the end of each sector.</summary>
    public const int StampSizeBytes = 4;

    /// <summary>Frames begin and end at multiples of this.</summary>
    public const int BlockSizeBytes = 4096;

    /// <summary>
    /// Where the first frame of a new log begins: FASTER's address space begins inside the block
    /// before, which stays empty.
    /// </summary>
    public const int FirstAddress = BlockSizeBytes;

    /// <summary>The frame header, with FASTER's length before it.</summary>
    public const int FrameHeaderSizeBytes = 48;

    /// <summary>FASTER's entry length: all bytes of the frame after it.</summary>
    public const int EntryLengthOffset = 0;

    /// <summary>Offset of <see cref="FrameMagic"/>.</summary>
    public const int MagicOffset = 4;

    /// <summary>Offset of the version, 2 bytes.</summary>
    public const int VersionOffset = 8;

    /// <summary>Offset of the <see cref="FrameFlags"/>, 2 bytes.</summary>
    public const int FlagsOffset = 10;

    /// <summary>Offset of the payload's length, 4 bytes.</summary>
    public const int PayloadLengthOffset = 12;

    /// <summary>Offset of the frame's number, 8 bytes.</summary>
    public const int LsnOffset = 16;

    /// <summary>Offset of the chain: the stamp of the first sector of the frame before.</summary>
    public const int ChainOffset = 24;

    /// <summary>Offset of the CRC-32C over the stamps of all sectors after the first.</summary>
    public const int BodyCrcOffset = 28;

    /// <summary>Offset of the CRC-32C of the database's identifier.</summary>
    public const int DatabaseTagOffset = 32;

    /// <summary>Offset of the epoch: which life of the log the frame belongs to.</summary>
    public const int EpochOffset = 36;

    /// <summary>Offset of the number of records in the group, 4 bytes.</summary>
    public const int RecordCountOffset = 40;

    /// <summary>Offset of the blocks after the frame that have no order, 4 bytes.</summary>
    public const int UnorderedBlocksOffset = 44;

    /// <summary>The epoch of a new log.</summary>
    public const uint FirstEpoch = 1;

    /// <summary>The watermark file: two slots, each a sector at the start of a block.</summary>
    public const int WatermarkFileSizeBytes = 2 * BlockSizeBytes;

    /// <summary>The flag of a watermark that a clean close wrote.</summary>
    public const ushort WatermarkClean = 1;

    /// <summary>The largest record.</summary>
    public const int RecordSizeBytesMax = 16 << 20;

    /// <summary>The largest group: all records of one write with their lengths.</summary>
    public const int GroupSizeBytesMax = 1 << 30;

    /// <summary>The name of the watermark file.</summary>
    public const string WatermarkName = "watermark";

    /// <summary>The start of the name of a segment file, its number follows.</summary>
    public const string SegmentPrefix = "log.";

    /// <summary>How many payload bytes a frame of that many blocks holds.</summary>
    public static int PayloadCapacity(int blockCount) =>
        (blockCount * BlockSizeBytes / SectorSizeBytes * SectorDataSizeBytes)
        - FrameHeaderSizeBytes;

    /// <summary>How much of a group the next frame takes: it ends with its page.</summary>
    /// <param name="address">Where the frame begins.</param>
    /// <param name="pageSizeBytes">The size of a page.</param>
    /// <param name="contentLeft">What is left of the group.</param>
    /// <param name="overheadBytes">What encryption adds to each frame.</param>
    public static int FrameContent(
        long address, int pageSizeBytes, int contentLeft, int overheadBytes)
    {
        long room = pageSizeBytes - (address % pageSizeBytes);
        return Math.Min(
            contentLeft, PayloadCapacity((int)(room / BlockSizeBytes)) - overheadBytes);
    }

    /// <summary>How many blocks the frames of a content take from an address on.</summary>
    public static int BlockCount(
        long address, int pageSizeBytes, int contentLeft, int overheadBytes)
    {
        int blocks = 0;
        while (contentLeft > 0)
        {
            long at = address + ((long)blocks * BlockSizeBytes);
            int count = FrameContent(at, pageSizeBytes, contentLeft, overheadBytes);
            blocks += BlockCount(count + overheadBytes);
            contentLeft -= count;
        }

        return blocks;
    }

    /// <summary>How many blocks a frame with that many payload bytes takes.</summary>
    public static int BlockCount(int payloadLength)
    {
        int perBlock = BlockSizeBytes / SectorSizeBytes * SectorDataSizeBytes;
        return (payloadLength + FrameHeaderSizeBytes + perBlock - 1) / perBlock;
    }
}
