using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// The distinct numbers, then the place of each row's number among them, bit-packed.
/// </summary>
internal static class DictionaryEncoding
{
    /// <summary>The bits of a place among so many.</summary>
    public static int WidthOf(int distinctCount) =>
        BitPacking.WidthOf((ulong)Math.Max(distinctCount - 1, 0));

    /// <summary>The bytes of some numbers.</summary>
    public static int SizeBytes(int count, int distinctCount) =>
        (distinctCount * sizeof(long)) + BitPacking.SizeBytes(count, WidthOf(distinctCount));

    /// <summary>Writes the distinct numbers and the place of each row's.</summary>
    public static int Encode(
        ReadOnlySpan<long> distinct, ReadOnlySpan<long> places, Span<byte> target)
    {
        int size = PlainEncoding.Encode(distinct, target);
        return size + BitPacking.Pack(places, 0, WidthOf(distinct.Length), target[size..]);
    }

    /// <summary>Reads numbers.</summary>
    public static void Decode(
        ref BlockReader reader, int bits, int distinctCount, scoped Span<long> values)
    {
        reader.Check(
            distinctCount > 0 && bits == WidthOf(distinctCount), "a dictionary of another width");
        ReadOnlySpan<long> distinct =
            MemoryMarshal.Cast<byte, long>(reader.Take(distinctCount * sizeof(long)));
        DecodePlaces(ref reader, bits, distinctCount, values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = distinct[(int)values[i]];
        }
    }

    /// <summary>Reads places and checks that each is one among so many.</summary>
    public static void DecodePlaces(
        ref BlockReader reader, int bits, int distinctCount, scoped Span<long> places)
    {
        BitPacking.Unpack(
            reader.Take(BitPacking.SizeBytes(places.Length, bits)), bits, 0, places);
        ulong highest = 0;
        foreach (long place in places)
        {
            highest = Math.Max(highest, (ulong)place);
        }

        reader.Check(highest < (ulong)distinctCount, "a place outside the dictionary");
    }
}
