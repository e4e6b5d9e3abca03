using System.Runtime.InteropServices;

namespace NeuroDb;

/// <summary>
/// A fast 64-bit hash: multiply and fold, after wyhash (Wang Yi, 2019). The key runs of segment
/// files store it, so it is part of the file format and never changes.
/// </summary>
internal static class Hash64
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const ulong Salt = 0xD6E8FEB86659FD93;

    /// <summary>Mixes one integer so that all output bits depend on all input bits.</summary>
    public static ulong Mix(ulong value) => Fold(value ^ Salt, Multiplier);

    /// <summary>Joins the hash of a further column to the hash of the columns before it.</summary>
    public static ulong Combine(ulong hash, ulong next) => Fold(hash ^ Multiplier, next ^ Salt);

    /// <summary>The hash of a number; equal numbers (0.0 and -0.0) hash alike.</summary>
    public static ulong Of(double value) =>
        Mix((ulong)BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value));

    /// <summary>The hash of a text, by its UTF-16 units.</summary>
    public static ulong Of(string value) => Of(MemoryMarshal.AsBytes(value.AsSpan()));

    /// <summary>The hash of bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> data)
    {
        ulong hash = Fold((ulong)data.Length ^ Salt, Multiplier);
        while (data.Length >= 8)
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(data), Multiplier);
            data = data[8..];
        }

        ulong tail = 0;
        for (int i = 0; i < data.Length; i++)
        {
            tail |= (ulong)data[i] << (8 * i);
        }

        return Fold(hash ^ tail, Salt);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
