using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Storage;

/// <summary>Doubles that are exactly 32-bit floats, bit for bit, as such.</summary>
internal static class NarrowEncoding
{
    /// <summary>The bytes of some doubles.</summary>
    public static int SizeBytes(int count) => count * sizeof(float);

    /// <summary>Whether doubles, given by their bits, all survive.</summary>
    public static bool Fits(ReadOnlySpan<long> bits)
    {
        foreach (long value in bits)
        {
            float narrow = (float)BitConverter.Int64BitsToDouble(value);
            if (BitConverter.DoubleToInt64Bits(narrow) != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes doubles given by their bits.</summary>
    public static int Encode(ReadOnlySpan<long> bits, Span<byte> target)
    {
        Span<float> floats = MemoryMarshal.Cast<byte, float>(target[..SizeBytes(bits.Length)]);
        for (int i = 0; i < bits.Length; i++)
        {
            floats[i] = (float)BitConverter.Int64BitsToDouble(bits[i]);
        }

        return SizeBytes(bits.Length);
    }

    /// <summary>Reads doubles as their bits.</summary>
    public static void Decode(ref BlockReader reader, scoped Span<long> bits)
    {
        ReadOnlySpan<float> floats =
            MemoryMarshal.Cast<byte, float>(reader.Take(SizeBytes(bits.Length)));
        Span<double> doubles = MemoryMarshal.Cast<long, double>(bits);
        int i = 0;
        for (; i + Vector256<float>.Count <= floats.Length; i += Vector256<float>.Count)
        {
            (Vector256<double> lower, Vector256<double> upper) =
                Vector256.Widen(Vector256.Create(floats[i..]));
            lower.CopyTo(doubles[i..]);
            upper.CopyTo(doubles[(i + Vector256<double>.Count)..]);
        }

        for (; i < floats.Length; i++)
        {
            doubles[i] = floats[i];
        }
    }
}
