using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// The inner loop of <see cref="FastScan"/>: for each sub-code one shuffle looks up 16 rows. Whole
/// 16-bit lanes are added, and their upper bytes once more by themselves; the sums of the lower
/// bytes are what is left when the latter are taken away, which spares a mask for each look-up.
/// </summary>
internal static unsafe class LookupSums
{
    /// <summary>The look-ups of 4 sub-codes at a time.</summary>
    public static void Add512(byte* codes, byte* tables, int length, float* sums)
    {
        Vector512<byte> low = Vector512.Create((byte)0x0F);
        Vector512<ushort> lower = default;
        Vector512<ushort> lowerOdd = default;
        Vector512<ushort> upper = default;
        Vector512<ushort> upperOdd = default;
        for (int i = 0; i < length; i += 64)
        {
            Vector512<byte> code = Vector512.Load(codes + i);
            Vector512<byte> table = Vector512.Load(tables + i);
            Vector512<ushort> first = ByteShuffle.Of(table, code & low).AsUInt16();
            Vector512<ushort> second =
                ByteShuffle.Of(table, (code.AsUInt16() >> 4).AsByte() & low).AsUInt16();
            lower += first;
            lowerOdd += first >> 8;
            upper += second;
            upperOdd += second >> 8;
        }

        lower -= lowerOdd << 8;
        upper -= upperOdd << 8;
        Add(Fold(lower.GetLower() + lower.GetUpper()), sums);
        Add(Fold(lowerOdd.GetLower() + lowerOdd.GetUpper()), sums + 8);
        Add(Fold(upper.GetLower() + upper.GetUpper()), sums + 16);
        Add(Fold(upperOdd.GetLower() + upperOdd.GetUpper()), sums + 24);
    }

    /// <summary>The look-ups of 2 sub-codes at a time.</summary>
    public static void Add256(byte* codes, byte* tables, int length, float* sums)
    {
        Vector256<byte> low = Vector256.Create((byte)0x0F);
        Vector256<ushort> lower = default;
        Vector256<ushort> lowerOdd = default;
        Vector256<ushort> upper = default;
        Vector256<ushort> upperOdd = default;
        for (int i = 0; i < length; i += 32)
        {
            Vector256<byte> code = Vector256.Load(codes + i);
            Vector256<byte> table = Vector256.Load(tables + i);
            Vector256<ushort> first = ByteShuffle.Of(table, code & low).AsUInt16();
            Vector256<ushort> second =
                ByteShuffle.Of(table, (code.AsUInt16() >> 4).AsByte() & low).AsUInt16();
            lower += first;
            lowerOdd += first >> 8;
            upper += second;
            upperOdd += second >> 8;
        }

        lower -= lowerOdd << 8;
        upper -= upperOdd << 8;
        Add(Fold(lower), sums);
        Add(Fold(lowerOdd), sums + 8);
        Add(Fold(upper), sums + 16);
        Add(Fold(upperOdd), sums + 24);
    }

    /// <summary>The look-ups of 1 sub-code at a time.</summary>
    public static void Add128(byte* codes, byte* tables, int length, float* sums)
    {
        Vector128<byte> low = Vector128.Create((byte)0x0F);
        Vector128<ushort> lower = default;
        Vector128<ushort> lowerOdd = default;
        Vector128<ushort> upper = default;
        Vector128<ushort> upperOdd = default;
        for (int i = 0; i < length; i += 16)
        {
            Vector128<byte> code = Vector128.Load(codes + i);
            Vector128<byte> table = Vector128.Load(tables + i);
            Vector128<ushort> first = ByteShuffle.Of(table, code & low).AsUInt16();
            Vector128<ushort> second =
                ByteShuffle.Of(table, (code.AsUInt16() >> 4).AsByte() & low).AsUInt16();
            lower += first;
            lowerOdd += first >> 8;
            upper += second;
            upperOdd += second >> 8;
        }

        lower -= lowerOdd << 8;
        upper -= upperOdd << 8;
        Add(lower, sums);
        Add(lowerOdd, sums + 8);
        Add(upper, sums + 16);
        Add(upperOdd, sums + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Fold(Vector256<ushort> lanes) =>
        lanes.GetLower() + lanes.GetUpper();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector128<ushort> eight, float* sums)
    {
        (Vector128<uint> first, Vector128<uint> second) = Vector128.Widen(eight);
        (Vector128.Load(sums) + Vector128.ConvertToSingle(first.AsInt32())).Store(sums);
        (Vector128.Load(sums + 4) + Vector128.ConvertToSingle(second.AsInt32())).Store(sums + 4);
    }
}
