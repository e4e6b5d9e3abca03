using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// Table look-up by bytes: in each 16 bytes of a register, byte i of the result is the byte of the
/// table at index i. Indexes are from 0 to 15.
/// </summary>
internal static class ByteShuffle
{
    /// <summary>Four tables of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Of(Vector512<byte> table, Vector512<byte> indexes) =>
        Avx512BW.IsSupported
            ? Avx512BW.Shuffle(table, indexes)
            : Vector512.Create(
                Of(table.GetLower(), indexes.GetLower()), Of(table.GetUpper(), indexes.GetUpper()));

    /// <summary>Two tables of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Of(Vector256<byte> table, Vector256<byte> indexes) =>
        Avx2.IsSupported
            ? Avx2.Shuffle(table, indexes)
            : Vector256.Create(
                Of(table.GetLower(), indexes.GetLower()), Of(table.GetUpper(), indexes.GetUpper()));

    /// <summary>One table of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Of(Vector128<byte> table, Vector128<byte> indexes) =>
        Vector128.Shuffle(table, indexes);
}
