using System.Runtime.CompilerServices;
using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// Binary search without branches over a sorted array, one key or a group at once.
/// </summary>
internal static class BinaryBaseline
{
    /// <summary>The place of a key, or -1.</summary>
    public static long Get(ReadOnlySpan<ulong> keys, ulong key)
    {
        ref ulong first = ref Unsafe.AsRef(in keys[0]);
        int low = 0;
        int count = keys.Length;
        while (count > 1)
        {
            int half = count / 2;
            low += Unsafe.Add(ref first, low + half - 1) < key ? half : 0;
            count -= half;
        }

        low += Unsafe.Add(ref first, low) < key ? 1 : 0;
        return low < keys.Length && keys[low] == key ? low : -1;
    }

    /// <summary>The places of many keys.</summary>
    public static void Get(
        ReadOnlySpan<ulong> keys, ReadOnlySpan<ulong> queries, Span<long> places)
    {
        ref ulong first = ref Unsafe.AsRef(in keys[0]);
        Span<int> lows = stackalloc int[32];
        for (int start = 0; start < queries.Length; start += lows.Length)
        {
            ReadOnlySpan<ulong> group =
                queries.Slice(start, Math.Min(lows.Length, queries.Length - start));
            lows.Clear();
            int count = keys.Length;
            while (count > 1)
            {
                int half = count / 2;
                count -= half;
                int next = count / 2;
                for (int i = 0; i < group.Length; i++)
                {
                    lows[i] += Unsafe.Add(ref first, lows[i] + half - 1) < group[i] ? half : 0;
                    CacheLines.Prefetch(ref Unsafe.Add(ref first, lows[i] + next));
                }
            }

            for (int i = 0; i < group.Length; i++)
            {
                int low = lows[i] + (Unsafe.Add(ref first, lows[i]) < group[i] ? 1 : 0);
                places[start + i] = low < keys.Length && keys[low] == group[i] ? low : -1;
            }
        }
    }
}
