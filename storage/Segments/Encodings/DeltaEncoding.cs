using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// The first number, the lowest difference of neighbours, then the distance of each difference to
/// the lowest, bit-packed. Differences wrap, so any numbers can be written.
/// </summary>
internal static class DeltaEncoding
{
    private const int HeaderSizeBytes = 2 * sizeof(long);

    /// <summary>The bytes of some numbers.</summary>
    public static int SizeBytes(in IntegerStatistics statistics) =>
        HeaderSizeBytes + BitPacking.SizeBytes(statistics.Count - 1, statistics.DeltaWidth);

    /// <summary>Writes numbers, at least one.</summary>
    public static int Encode(
        ReadOnlySpan<long> values, in IntegerStatistics statistics, Span<byte> target)
    {
        Invariant.Check(values.Length is > 0 and <= Limits.ChunkRowCount);
        Span<long> differences = stackalloc long[values.Length - 1];
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = unchecked(values[i + 1] - values[i]);
        }

        long first = values[0];
        long low = statistics.DeltaMinimum;
        MemoryMarshal.Write(target, in first);
        MemoryMarshal.Write(target[sizeof(long)..], in low);
        return HeaderSizeBytes + BitPacking.Pack(
            differences, low, statistics.DeltaWidth, target[HeaderSizeBytes..]);
    }

    /// <summary>Reads numbers.</summary>
    public static void Decode(ref BlockReader reader, int bits, scoped Span<long> values)
    {
        reader.Check(values.Length > 0, "differences of nothing");
        long value = reader.Read<long>();
        long low = reader.Read<long>();
        Span<long> differences = values[1..];
        BitPacking.Unpack(
            reader.Take(BitPacking.SizeBytes(differences.Length, bits)), bits, low, differences);
        values[0] = value;
        for (int i = 0; i < differences.Length; i++)
        {
            value = unchecked(value + differences[i]);
            differences[i] = value;
        }
    }
}
