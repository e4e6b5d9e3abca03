using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Storage;

/// <summary>Masks of one bit for each row of a chunk.</summary>
internal static class VersionMask
{
    /// <summary>One bit for each of some rows, all set; O(rows / 64).</summary>
    public static ulong[] Full(int count)
    {
        var mask = new ulong[(count + 63) / 64];
        mask.AsSpan().Fill(ulong.MaxValue);
        if (count % 64 != 0)
        {
            mask[^1] = (1UL << count) - 1;
        }

        return mask;
    }

    /// <summary>How many bits are set; none if there is no mask.</summary>
    public static int Count(ulong[]? mask)
    {
        int count = 0;
        foreach (ulong word in mask ?? [])
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>The rows whose bits are set; all of them if the mask is empty.</summary>
    public static int[] Rows(ulong[] mask, int count)
    {
        if (mask.Length == 0)
        {
            return [.. Enumerable.Range(0, count)];
        }

        var rows = new int[Count(mask)];
        int found = 0;
        for (int word = 0; word < mask.Length; word++)
        {
            for (ulong bits = mask[word]; bits != 0; bits &= bits - 1)
            {
                rows[found++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return rows;
    }

    /// <summary>The other rows of a chunk, as a mask of a full chunk.</summary>
    public static ulong[] Not(ulong[] mask, int count)
    {
        var others = new ulong[Limits.ChunkRowCount / 64];
        Full(count).CopyTo(others, 0);
        for (int i = 0; i < mask.Length; i++)
        {
            others[i] &= ~mask[i];
        }

        return others;
    }

    /// <summary>One bit for each end, set if it lies after the timestamp; O(ends / 8).</summary>
    public static ulong[] Build(ReadOnlySpan<long> ends, long timestamp)
    {
        var mask = new ulong[(ends.Length + 63) / 64];
        int row = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<long> limit = Vector512.Create(timestamp);
            Span<byte> bytes = MemoryMarshal.AsBytes(mask.AsSpan());
            for (; BitConverter.IsLittleEndian && row + 8 <= ends.Length; row += 8)
            {
                Vector512<long> lives = Vector512.GreaterThan(
                    Vector512.Create(ends.Slice(row, 8)), limit);
                bytes[row >> 3] = (byte)lives.ExtractMostSignificantBits();
            }
        }

        for (; row < ends.Length; row++)
        {
            if (ends[row] > timestamp)
            {
                mask[row >> 6] |= 1UL << row;
            }
        }

        return mask;
    }
}
