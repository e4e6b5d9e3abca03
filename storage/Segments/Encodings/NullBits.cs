using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// The NULL mask of an extent: one bit a row, 1 for NULL, lowest first, in whole 64-bit words. It
/// stands behind the values and only where some rows are NULL and some are not.
/// </summary>
internal static class NullBits
{
    private const ulong BitOfEachByte = 0x8040201008040201;
    private const ulong OneInEachByte = 0x0101010101010101;
    private const ulong LowSevenOfEachByte = 0x7F7F7F7F7F7F7F7F;
    private const ulong GatherLowBits = 0x0102040810204080;

    /// <summary>The bytes of the mask of an extent.</summary>
    public static int SizeBytes(int rowCount, int nullCount) =>
        nullCount == 0 || nullCount == rowCount
            ? 0
            : (rowCount + 63) / 64 * sizeof(ulong);

    /// <summary>How many rows of a mask in memory are NULL.</summary>
    public static int Count(ReadOnlySpan<byte> mask)
    {
        int count = 0;
        foreach (byte mark in mask)
        {
            count += mark;
        }

        return count;
    }

    /// <summary>Packs a mask of one byte a row.</summary>
    public static void Encode(ReadOnlySpan<byte> mask, Span<byte> target)
    {
        target.Clear();
        int i = 0;
        for (; i + 8 <= mask.Length; i += 8)
        {
            ulong eight = MemoryMarshal.Read<ulong>(mask[i..]);
            target[i / 8] = (byte)(unchecked(eight * GatherLowBits) >> 56);
        }

        for (; i < mask.Length; i++)
        {
            target[i / 8] |= (byte)(mask[i] << (i % 8));
        }
    }

    /// <summary>Reads the mask of an extent; null if no row is NULL.</summary>
    public static byte[]? Decode(ref BlockReader reader, int rowCount, int nullCount)
    {
        if (nullCount == 0)
        {
            return null;
        }

        var mask = new byte[rowCount];
        if (nullCount == rowCount)
        {
            mask.AsSpan().Fill(1);
            return mask;
        }

        ReadOnlySpan<byte> bits = reader.Take(SizeBytes(rowCount, nullCount));
        int found = 0;
        for (int i = 0; i < bits.Length; i += sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bits[i..]);
            found += BitOperations.PopCount(word);
        }

        int row = 0;
        for (; row + 8 <= rowCount; row += 8)
        {
            ulong spread = unchecked(bits[row / 8] * OneInEachByte) & BitOfEachByte;
            ulong marks = ((spread + LowSevenOfEachByte) >> 7) & OneInEachByte;
            MemoryMarshal.Write(mask.AsSpan(row), in marks);
        }

        for (; row < rowCount; row++)
        {
            mask[row] = (byte)((bits[row / 8] >> (row % 8)) & 1);
        }

        reader.Check(
            found == nullCount && Count(mask) == nullCount, "another count of NULLs");
        return mask;
    }
}
