using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>The bytes of a <see cref="ResidualCode"/>.</summary>
internal static class CodePacking
{
    /// <summary>
    /// In codes of 4 bits, byte j of each run of so many holds the dimensions j and Group + j, so
    /// that a shift and a mask unpack a register.
    /// </summary>
    public const int Group = 16;

    private const ulong GatherBits = 0x0102040810204080;

    /// <summary>Packs levels, a byte for each dimension, into a code.</summary>
    public static void Pack(int bits, ReadOnlySpan<byte> levels, Span<byte> code)
    {
        if (bits == 8)
        {
            levels.CopyTo(code);
        }
        else if (bits == 4)
        {
            for (int i = 0; i < code.Length; i += Group)
            {
                Vector128<byte> lower = Vector128.Create(levels.Slice(2 * i, Group));
                Vector128<byte> upper = Vector128.Create(levels.Slice((2 * i) + Group, Group));
                (lower | (upper << 4)).CopyTo(code[i..]);
            }
        }
        else
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(levels);
            for (int i = 0; i < code.Length; i++)
            {
                code[i] = (byte)((words[i] * GatherBits) >> 56);
            }
        }
    }

    /// <summary>The level of one dimension.</summary>
    public static int Level(int bits, ReadOnlySpan<byte> code, int dimension) => bits switch
    {
        8 => code[dimension],
        4 => (code[(dimension / 32 * Group) + (dimension % Group)]
            >> (dimension / Group % 2 * 4)) & 15,
        _ => (code[dimension / 8] >> (dimension % 8)) & 1,
    };
}
