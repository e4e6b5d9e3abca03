using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Counts how many of some keys are below another one, without a branch on their values: the loads
/// do not wait for each other, so a window costs one miss of the cache.
/// </summary>
internal static class SortedCount
{
    private const ulong SignBit = 1UL << 63;

    /// <summary>How many keys are below one; the count is a multiple of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Below(ref ulong keys, int count, ulong key)
    {
        int below = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<ulong> sought = Vector512.Create(key);
            for (int i = 0; i < count; i += Vector512<ulong>.Count)
            {
                below += System.Numerics.BitOperations.PopCount(
                    Vector512.LessThan(
                        Vector512.LoadUnsafe(ref keys, (nuint)i), sought)
                    .ExtractMostSignificantBits());
            }

            return below;
        }

        Vector256<long> bound = Vector256.Create((long)(key ^ SignBit));
        Vector256<ulong> sign = Vector256.Create(SignBit);
        Vector256<long> sums = default;
        for (int i = 0; i < count; i += Vector256<ulong>.Count)
        {
            sums -= Vector256.LessThan(
                (Vector256.LoadUnsafe(ref keys, (nuint)i) ^ sign).AsInt64(), bound);
        }

        return (int)Vector256.Sum(sums);
    }

    /// <summary>How many keys are not above one; the count is a multiple of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NotAbove(ref ulong keys, int count, ulong key) => key == ulong.MaxValue
        ? count
        : Below(ref keys, count, key + 1);
}
