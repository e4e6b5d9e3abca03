namespace NeuroDb.Storage;

/// <summary>The constants of segment files; docs/format.md lists them.</summary>
internal static class SegmentFormat
{
    /// <summary>"NEUROSEG", the first bytes of header and footer.</summary>
    public const ulong Magic = 0x4745534F_5255454E;

    /// <summary>"NDIR", the first bytes of the directory.</summary>
    public const uint DirectoryMagic = 0x5249444E;

    /// <summary>The version of the format.</summary>
    public const uint Version = 1;

    /// <summary>The bytes of the header and of the footer.</summary>
    public const int BlockSizeBytes = 4096;

    /// <summary>How often directory and footer stand one behind the other.</summary>
    public const int TailCount = 2;

    /// <summary>Where the checksum of header and footer stands.</summary>
    public const int CrcOffset = BlockSizeBytes - sizeof(uint);

    /// <summary>The most bytes of an extent under one seal, without padding.</summary>
    public const int PageSizeBytes = 64 * 1024;

    /// <summary>Where extents begin.</summary>
    public const int ExtentAlignmentBytes = 64;

    /// <summary>Where extents of raw vectors begin.</summary>
    public const int VectorAlignmentBytes = 4096;

    /// <summary>The bytes of the directory before its tables.</summary>
    public const int DirectoryHeaderSizeBytes = 64;

    /// <summary>The bytes of a record of the chunk, extent and key tables.</summary>
    public const int RecordSizeBytes = 32;

    /// <summary>The most rows: an ordinal must fit a positive 32-bit number.</summary>
    public const long RowCountMax = int.MaxValue;

    /// <summary>The flag of a chunk whose row numbers have no gaps.</summary>
    public const uint ConsecutiveFlag = 1;

    /// <summary>The flag of a key run whose codes are in the order of the key's values.</summary>
    public const uint OrderedFlag = 1;

    /// <summary>The place of the next extent.</summary>
    public static long Align(long offset, bool isRawVector)
    {
        long mask = (isRawVector ? VectorAlignmentBytes : ExtentAlignmentBytes) - 1;
        return (offset + mask) & ~mask;
    }

    /// <summary>The pages of an extent.</summary>
    public static long PageCountOf(long length) =>
        (length + PageSizeBytes - 1) / PageSizeBytes;

    /// <summary>
    /// Whether vectors are stored at the stride of memory, so that a read fills the array itself:
    /// if the padding is at most an eighth.
    /// </summary>
    public static bool IsRaw(VectorColumnStore vectors) =>
        (long)vectors.StrideBytes * 8 <= (long)vectors.RowSizeBytes * 9;
}
