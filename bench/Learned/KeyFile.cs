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
    /// <param name="note">Is told what of the file is not as in SOSD.</param>
    /// <exception cref="BenchException">It cannot be read or holds no keys.</exception>
    public static ulong[] Read(string path, int countMax, Action<string> note)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            ulong[] keys = Read(path, stream, note);
            if (!IsSorted(keys))
            {
                note($"{path} is not in order: its keys were sorted");
                Array.Sort(keys);
            }

            return countMax > 0 && keys.Length > countMax ? Thin(keys, countMax) : keys;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"{path} cannot be read: {error.Message}");
        }
    }

    private static ulong[] Read(string path, FileStream stream, Action<string> note)
    {
        if (stream.Length % sizeof(ulong) != 0)
        {
            throw new BenchException(
                $"{path} ends in the middle of a key: {stream.Length:N0} bytes are no whole "
                + "number of 64-bit keys; was it copied completely?");
        }

        long words = stream.Length / sizeof(ulong);
        ulong head = 0;
        if (words > 0)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(new Span<ulong>(ref head)));
        }

        bool hasCount = words > 0 && head == (ulong)(words - 1);
        long count = hasCount ? words - 1 : words;
        if (count == 0 || count > Array.MaxLength)
        {
            throw new BenchException(
                $"{path} holds {count:N0} keys; 1 to {Array.MaxLength:N0} can be measured.");
        }

        if (!hasCount)
        {
            note($"{path} has no count in front: {head:N0}, before {words - 1:N0} others, is "
                + "taken for a key");
        }

        stream.Position = hasCount ? sizeof(ulong) : 0;
        var keys = new ulong[count];
        Span<ulong> rest = keys;
        while (!rest.IsEmpty)
        {
            Span<ulong> piece = rest[..Math.Min(rest.Length, 1 << 24)];
            stream.ReadExactly(MemoryMarshal.AsBytes(piece));
            rest = rest[piece.Length..];
        }

        return keys;
    }

    private static bool IsSorted(ulong[] keys)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            if (keys[i] < keys[i - 1])
            {
                return false;
            }
        }

        return true;
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
