using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// The inner loop of <see cref="FastScan"/>: for each sub-code one shuffle looks up 16 rows. Four
/// entries add up in a byte (see <see cref="FastScanQuery.EntryMax"/>); then whole 16-bit lanes are
/// added, and their upper bytes once more by themselves: the sums of the lower bytes are what is
/// left when the latter are taken away, which spares a mask.
/// </summary>
/// <remarks>Lengths are multiples of 256 bytes, 16 sub-codes.</remarks>
internal static unsafe class LookupSums
{
    /// <summary>The look-ups of 16 sub-codes at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add512(byte* codes, byte* tables, int length, float* sums)
    {
        Vector512<ushort> lower = default;
        Vector512<ushort> lowerOdd = default;
        Vector512<ushort> upper = default;
        Vector512<ushort> upperOdd = default;
        for (int i = 0; i < length; i += 256)
        {
            LookUp512(codes + i, tables + i, out Vector512<byte> a, out Vector512<byte> b);
            LookUp512(codes + i + 64, tables + i + 64, out var c, out var d);
            a += c;
            b += d;
            LookUp512(codes + i + 128, tables + i + 128, out c, out d);
            a += c;
            b += d;
            LookUp512(codes + i + 192, tables + i + 192, out c, out d);
            a += c;
            b += d;
            lower += a.AsUInt16();
            lowerOdd += a.AsUInt16() >> 8;
            upper += b.AsUInt16();
            upperOdd += b.AsUInt16() >> 8;
        }

        lower -= lowerOdd << 8;
        upper -= upperOdd << 8;
        Add(Fold(lower), Fold(lowerOdd), sums);
        Add(Fold(upper), Fold(upperOdd), sums + 16);
    }

    /// <summary>The look-ups of 8 sub-codes at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add256(byte* codes, byte* tables, int length, float* sums)
    {
        Vector256<ushort> lower = default;
        Vector256<ushort> lowerOdd = default;
        Vector256<ushort> upper = default;
        Vector256<ushort> upperOdd = default;
        for (int i = 0; i < length; i += 128)
        {
            LookUp256(codes + i, tables + i, out Vector256<byte> a, out Vector256<byte> b);
            LookUp256(codes + i + 32, tables + i + 32, out var c, out var d);
            a += c;
            b += d;
            LookUp256(codes + i + 64, tables + i + 64, out c, out d);
            a += c;
            b += d;
            LookUp256(codes + i + 96, tables + i + 96, out c, out d);
            a += c;
            b += d;
            lower += a.AsUInt16();
            lowerOdd += a.AsUInt16() >> 8;
            upper += b.AsUInt16();
            upperOdd += b.AsUInt16() >> 8;
        }

        lower -= lowerOdd << 8;
        upper -= upperOdd << 8;
        Add(Fold(lower), Fold(lowerOdd), sums);
        Add(Fold(upper), Fold(upperOdd), sums + 16);
    }

    /// <summary>The look-ups of 4 sub-codes at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add128(byte* codes, byte* tables, int length, float* sums)
    {
        Vector128<ushort> lower = default;
        Vector128<ushort> lowerOdd = default;
        Vector128<ushort> upper = default;
        Vector128<ushort> upperOdd = default;
        for (int i = 0; i < length; i += 64)
        {
            LookUp128(codes + i, tables + i, out Vector128<byte> a, out Vector128<byte> b);
            LookUp128(codes + i + 16, tables + i + 16, out var c, out var d);
            a += c;
            b += d;
            LookUp128(codes + i + 32, tables + i + 32, out c, out d);
            a += c;
            b += d;
            LookUp128(codes + i + 48, tables + i + 48, out c, out d);
            a += c;
            b += d;
            lower += a.AsUInt16();
            lowerOdd += a.AsUInt16() >> 8;
            upper += b.AsUInt16();
            upperOdd += b.AsUInt16() >> 8;
        }

        lower -= lowerOdd << 8;
        upper -= upperOdd << 8;
        Add(lower, lowerOdd, sums);
        Add(upper, upperOdd, sums + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LookUp512(
        byte* codes, byte* tables, out Vector512<byte> lower, out Vector512<byte> upper)
    {
        Vector512<byte> low = Vector512.Create((byte)0x0F);
        Vector512<byte> code = Vector512.Load(codes);
        Vector512<byte> table = Vector512.Load(tables);
        lower = ByteShuffle.Of(table, code & low);
        upper = ByteShuffle.Of(table, (code.AsUInt16() >> 4).AsByte() & low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LookUp256(
        byte* codes, byte* tables, out Vector256<byte> lower, out Vector256<byte> upper)
    {
        Vector256<byte> low = Vector256.Create((byte)0x0F);
        Vector256<byte> code = Vector256.Load(codes);
        Vector256<byte> table = Vector256.Load(tables);
        lower = ByteShuffle.Of(table, code & low);
        upper = ByteShuffle.Of(table, (code.AsUInt16() >> 4).AsByte() & low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LookUp128(
        byte* codes, byte* tables, out Vector128<byte> lower, out Vector128<byte> upper)
    {
        Vector128<byte> low = Vector128.Create((byte)0x0F);
        Vector128<byte> code = Vector128.Load(codes);
        Vector128<byte> table = Vector128.Load(tables);
        lower = ByteShuffle.Of(table, code & low);
        upper = ByteShuffle.Of(table, (code.AsUInt16() >> 4).AsByte() & low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Fold(Vector512<ushort> lanes) =>
        Fold(lanes.GetLower() + lanes.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Fold(Vector256<ushort> lanes) =>
        lanes.GetLower() + lanes.GetUpper();

    /// <summary>
    /// Adds 16 sums; they are read in whole registers soon, so they are written so.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector128<ushort> first, Vector128<ushort> second, float* sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            (Vector256<uint> a, Vector256<uint> b) =
                Vector256.Widen(Vector256.Create(first, second));
            Vector512<float> all = Vector512.ConvertToSingle(Vector512.Create(a, b).AsInt32());
            (Vector512.Load(sums) + all).Store(sums);
            return;
        }

        Add(first, sums);
        Add(second, sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector128<ushort> eight, float* sums)
    {
        (Vector128<uint> first, Vector128<uint> second) = Vector128.Widen(eight);
        Vector256<float> all =
            Vector256.ConvertToSingle(Vector256.Create(first, second).AsInt32());
        (Vector256.Load(sums) + all).Store(sums);
    }
}
