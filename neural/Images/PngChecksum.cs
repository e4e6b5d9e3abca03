using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>
/// CRC-32 of the chunks of a PNG (ISO 15948, annex D), eight bytes at a time by as many tables.
/// </summary>
internal static class PngChecksum
{
    private const int Wide = 8;
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        uint[] tables = Tables;
        for (; bytes.Length >= Wide; bytes = bytes[Wide..])
        {
            ulong next = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = 0;
            for (int i = 0; i < Wide; i++)
            {
                crc ^= tables[((Wide - 1 - i) * 256) + (byte)(next >> (8 * i))];
            }
        }

        foreach (byte value in bytes)
        {
            crc = tables[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    // Table k has the checksum of each byte with k zeros behind it.
    private static uint[] MakeTables()
    {
        var tables = new uint[Wide * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? Polynomial ^ (crc >> 1) : crc >> 1;
            }

            tables[i] = crc;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            uint shorter = tables[i - 256];
            tables[i] = tables[(byte)shorter] ^ (shorter >> 8);
        }

        return tables;
    }
}
