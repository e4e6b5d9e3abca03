using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// Counts the ones in registers by looking up half bytes (Mula, Kurz and Lemire, Faster Population
/// Counts Using AVX2 Instructions, 2018, section 3): .NET exposes no VPOPCNT instruction.
/// </summary>
internal static class OneBits
{
    private static Vector256<byte> Table
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
            0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, (byte)4);
    }

    /// <summary>The ones in each 64-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Count(Vector512<ulong> bits)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<byte> low = Vector512.Create((byte)0x0F);
            Vector512<byte> table = Vector512.Create(Table, Table);
            Vector512<byte> counts = ByteShuffle.Of(table, bits.AsByte() & low)
                + ByteShuffle.Of(table, (bits >> 4).AsByte() & low);
            return Avx512BW.SumAbsoluteDifferences(counts, Vector512<byte>.Zero).AsUInt64();
        }

        return Vector512.Create(Count(bits.GetLower()), Count(bits.GetUpper()));
    }

    /// <summary>The ones in each 64-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Count(Vector256<ulong> bits)
    {
        if (Avx2.IsSupported)
        {
            Vector256<byte> low = Vector256.Create((byte)0x0F);
            Vector256<byte> table = Table;
            Vector256<byte> counts = ByteShuffle.Of(table, bits.AsByte() & low)
                + ByteShuffle.Of(table, (bits >> 4).AsByte() & low);
            return Avx2.SumAbsoluteDifferences(counts, Vector256<byte>.Zero).AsUInt64();
        }

        return Vector256.Create(Count(bits.GetLower()), Count(bits.GetUpper()));
    }

    /// <summary>The ones in each 64-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Count(Vector128<ulong> bits)
    {
        if (Sse2.IsSupported)
        {
            Vector128<byte> low = Vector128.Create((byte)0x0F);
            Vector128<byte> table = Table.GetLower();
            Vector128<byte> counts = ByteShuffle.Of(table, bits.AsByte() & low)
                + ByteShuffle.Of(table, (bits >> 4).AsByte() & low);
            return Sse2.SumAbsoluteDifferences(counts, Vector128<byte>.Zero).AsUInt64();
        }

        return Vector128.Create(
            (ulong)BitOperations.PopCount(bits[0]), (ulong)BitOperations.PopCount(bits[1]));
    }
}
