using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// The checksum at the end of every sector of the log. It is seeded with the database, the epoch,
/// the number of the frame and the address, so that a sector proves by itself that it is the one
/// that belongs here: a lost, stale, swapped or misdirected sector fails like a damaged one. This
/// is what tells a write that a power loss tore (each sector right or never written) from damage.
/// </summary>
internal static class SectorStamp
{
    private const int SeedSizeBytes = 16;
    private const int SectorSizeBits = 9;

    /// <summary>The part of the seed that all sectors of a frame share.</summary>
    public static uint FrameSeed(uint databaseTag, uint epoch, long lsn)
    {
        Span<byte> seed = stackalloc byte[SeedSizeBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(seed, databaseTag);
        BinaryPrimitives.WriteUInt32LittleEndian(seed[4..], epoch);
        BinaryPrimitives.WriteInt64LittleEndian(seed[8..], lsn);
        return Crc32C.Compute(seed);
    }

    /// <summary>Computes and stores the stamp of the sector at the address.</summary>
    public static uint Write(Span<byte> sector, uint frameSeed, long address)
    {
        uint stamp = Compute(sector, frameSeed, address);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[LogFormat.SectorDataSizeBytes..], stamp);
        return stamp;
    }

    /// <summary>The stamp that a sector carries.</summary>
    public static uint Read(ReadOnlySpan<byte> sector) =>
        BinaryPrimitives.ReadUInt32LittleEndian(sector[LogFormat.SectorDataSizeBytes..]);

    /// <summary>Whether the sector is the one that the frame has at the address.</summary>
    public static bool IsValid(ReadOnlySpan<byte> sector, uint frameSeed, long address) =>
        Read(sector) == Compute(sector, frameSeed, address);

    private static uint Compute(ReadOnlySpan<byte> sector, uint frameSeed, long address)
    {
        // A CRC with another seed is another CRC for the same data, so mixing the sector's number
        // into the seed is enough to make every place different.
        uint seed = frameSeed ^ (uint)(address >> SectorSizeBits);
        return Crc32C.Compute(sector[..LogFormat.SectorDataSizeBytes], seed);
    }
}
