using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Storage;

/// <summary>Turns the ends of versions into a mask of visible rows.</summary>
internal static class VersionMask
{
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
