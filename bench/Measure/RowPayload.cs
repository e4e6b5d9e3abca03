using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// The 100 bytes of a row, a function of its key that no compressor can shorten, so that every
/// store can be checked and none profits from repetition.
/// </summary>
internal static class RowPayload
{
    /// <summary>The bytes of a value.</summary>
    public const int SizeBytes = 100;

    /// <summary>The bytes of a row: the key and the value.</summary>
    public const int RowSizeBytes = sizeof(long) + SizeBytes;

    /// <summary>Writes the value of a key.</summary>
    public static void Fill(long key, Span<byte> target)
    {
        Span<ulong> words = stackalloc ulong[(SizeBytes + 7) / 8];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = Word(key, i);
        }

        MemoryMarshal.AsBytes(words)[..SizeBytes].CopyTo(target);
    }

    /// <summary>What a store must give for a key: the first eight bytes of its value.</summary>
    public static long FirstWord(long key) => (long)Word(key, 0);

    /// <summary>The first eight bytes of a value that a store gave.</summary>
    public static long FirstWord(ReadOnlySpan<byte> value) =>
        value.Length == SizeBytes ? BinaryPrimitives.ReadInt64LittleEndian(value) : 0;

    /// <summary>The keys 0 .. count - 1 in random order.</summary>
    public static long[] ShuffledKeys(int count)
    {
        long[] keys = AscendingKeys(count);
        new Random(5).Shuffle(keys);
        return keys;
    }

    /// <summary>The keys 0 .. count - 1.</summary>
    public static long[] AscendingKeys(int count)
    {
        var keys = new long[count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = i;
        }

        return keys;
    }

    // SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) over the key and the word's number.
    private static ulong Word(long key, int number)
    {
        ulong bits = (((ulong)key << 4) + (ulong)number + 1) * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
