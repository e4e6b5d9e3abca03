using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// The lowest number, then the distance of each number to it, bit-packed (Goldstein, Ramakrishnan
/// and Shaft, Compressing relations and indexes, 1998).
/// </summary>
internal static class FrameOfReferenceEncoding
{
    /// <summary>The bytes of some numbers.</summary>
    public static int SizeBytes(in IntegerStatistics statistics) =>
        sizeof(long) + BitPacking.SizeBytes(statistics.Count, statistics.Width);

    /// <summary>Writes numbers.</summary>
    public static int Encode(
        ReadOnlySpan<long> values, in IntegerStatistics statistics, Span<byte> target)
    {
        long low = statistics.Minimum;
        MemoryMarshal.Write(target, in low);
        return sizeof(long)
            + BitPacking.Pack(values, low, statistics.Width, target[sizeof(long)..]);
    }

    /// <summary>Reads numbers.</summary>
    public static void Decode(ref BlockReader reader, int bits, scoped Span<long> values)
    {
        long low = reader.Read<long>();
        BitPacking.Unpack(
            reader.Take(BitPacking.SizeBytes(values.Length, bits)), bits, low, values);
    }
}
