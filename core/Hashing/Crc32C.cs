using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb;

/// <summary>
/// CRC-32C (Castagnoli, 1993), the checksum of every byte on disk. Chosen because the processor
/// computes it (SSE4.2, Arm CRC) and because it finds all burst errors up to 32 bits, which an XOR
/// of words does not. The polynomial is part of the file format and never changes.
/// </summary>
internal static class Crc32C
{
    /// <summary>The checksum of the data, started from a seed (0 unless chained).</summary>
    /// <remarks>O(n), about 10 GB/s on one core. Empty data gives the seed back.</remarks>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0)
    {
        uint crc = ~seed;
        ref byte start = ref MemoryMarshal.GetReference(data);
        int offset = 0;
        for (; offset + 8 <= data.Length; offset += 8)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset));
            crc = BitOperations.Crc32C(crc, word);
        }

        for (; offset < data.Length; offset++)
        {
            crc = BitOperations.Crc32C(crc, Unsafe.Add(ref start, offset));
        }

        return ~crc;
    }
}
