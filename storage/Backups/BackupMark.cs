using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// What a directory says about being a backup: of which database, and which SUPER the backup wrote
/// there. As long as SUPER is that one, and the log beside it empty, the directory holds what the
/// backup left, and the next one may go on from it.
/// </summary>
/// <param name="DatabaseId">The database.</param>
/// <param name="SuperCrc">The checksum of SUPER; 0 as long as there is none.</param>
internal readonly record struct BackupMark(Guid DatabaseId, uint SuperCrc)
{
    /// <summary>The bytes of the file: one sector, which a device writes as a whole.</summary>
    public const int SizeBytes = 512;

    private const ulong Magic = 0x4B_41_42_4F_52_55_45_4E;
    private const int VersionOffset = 8;
    private const int IdOffset = 16;
    private const int SuperOffset = 32;
    private const int CrcOffset = SizeBytes - sizeof(uint);
    private const uint Version = 1;

    /// <summary>The checksum by which a mark knows a SUPER.</summary>
    public static uint CrcOf(SuperBlock super)
    {
        Span<byte> slot = stackalloc byte[SuperBlock.SlotSizeBytes];
        super.Encode(slot);
        return Crc32C.Compute(slot[..^sizeof(uint)]);
    }

    /// <summary>Writes the mark, durably but for its name; an existing one is replaced.</summary>
    public void Write(IFileSystem files, string path)
    {
        Span<byte> content = stackalloc byte[SizeBytes];
        content.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(content, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(content[VersionOffset..], Version);
        Invariant.Check(DatabaseId.TryWriteBytes(content[IdOffset..], bigEndian: true, out _));
        BinaryPrimitives.WriteUInt32LittleEndian(content[SuperOffset..], SuperCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(
            content[CrcOffset..], Crc32C.Compute(content[..CrcOffset]));
        FileOpenKind kind = files.FileExists(path) ? FileOpenKind.Write : FileOpenKind.Create;
        using IFile file = files.Open(path, kind);
        file.Write(0, content);
        file.Flush();
    }

    /// <summary>
    /// Reads a mark; null if there is none, or one that a crash left half written.
    /// </summary>
    public static BackupMark? Read(IFileSystem files, string path)
    {
        if (!files.FileExists(path))
        {
            return null;
        }

        Span<byte> content = stackalloc byte[SizeBytes];
        using IFile file = files.Open(path, FileOpenKind.Read);
        bool isWhole = file.Length == SizeBytes
            && file.Read(0, content) == SizeBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(content) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(content[VersionOffset..]) == Version
            && BinaryPrimitives.ReadUInt32LittleEndian(content[CrcOffset..])
                == Crc32C.Compute(content[..CrcOffset]);
        return isWhole
            ? new BackupMark(
                new Guid(content.Slice(IdOffset, 16), bigEndian: true),
                BinaryPrimitives.ReadUInt32LittleEndian(content[SuperOffset..]))
            : null;
    }
}
