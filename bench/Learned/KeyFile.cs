using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// Reads the keys of a binary file: 64-bit keys, little-endian, with the count before them as in
/// the files of the SOSD benchmark, or without it. Keys that are not in order are sorted.
/// </summary>
internal static class KeyFile
{
    /// <summary>The keys, ascending.</summary>
    /// <param name="path">The file.</param>
    /// <param name="countMax">At most so many, evenly spread; 0 for all.</param>
    public static ulong[] Read(string path, int countMax)
    {
        using FileStream stream = File.OpenRead(path);
        long words = stream.Length / sizeof(ulong);
        if (words == 0)
        {
            throw new InvalidDataException($"{path} holds no 64-bit keys");
        }

        Span<byte> head = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(head);
        bool hasCount = MemoryMarshal.Read<ulong>(head) == (ulong)(words - 1) && words > 1;
        stream.Position = hasCount ? sizeof(ulong) : 0;
        var keys = new ulong[checked((int)(hasCount ? words - 1 : words))];
        Span<ulong> rest = keys;
        while (!rest.IsEmpty)
        {
            Span<ulong> piece = rest[..Math.Min(rest.Length, 1 << 24)];
            stream.ReadExactly(MemoryMarshal.AsBytes(piece));
            rest = rest[piece.Length..];
        }

        Sort(keys);
        return countMax > 0 && keys.Length > countMax ? Thin(keys, countMax) : keys;
    }

    private static void Sort(ulong[] keys)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            if (keys[i] < keys[i - 1])
            {
                Array.Sort(keys);
                return;
            }
        }
    }

    private static ulong[] Thin(ulong[] keys, int count)
    {
        var kept = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            kept[i] = keys[(long)i * keys.Length / count];
        }

        return kept;
    }
}
