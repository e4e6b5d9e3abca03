using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// Widening of signed bytes and sums of their products. VPDPBUSD is not used: .NET exposes it for
/// 256 bits only and for unsigned by signed bytes, and the saturating VPMADDUBSW is wrong for -128.
/// </summary>
internal static class Int8Bits
{
    /// <summary>32 signed bytes as 16-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Widen(Vector256<sbyte> bytes)
    {
        if (Avx512BW.IsSupported)
        {
            return Avx512BW.ConvertToVector512Int16(bytes);
        }

        (Vector256<short> lower, Vector256<short> upper) = Vector256.Widen(bytes);
        return Vector512.Create(lower, upper);
    }

    /// <summary>16 signed bytes as 16-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Widen(Vector128<sbyte> bytes)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int16(bytes);
        }

        (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(bytes);
        return Vector256.Create(lower, upper);
    }

    /// <summary>8 signed bytes as 16-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Widen(Vector64<sbyte> bytes) =>
        Vector128.WidenLower(bytes.ToVector128());

    /// <summary>
    /// sum + a * b; a lane of the result takes the products of two lanes, in some order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddProducts(
        Vector512<short> a, Vector512<short> b, Vector512<int> sum)
    {
        if (Avx512BW.IsSupported)
        {
            return sum + Avx512BW.MultiplyAddAdjacent(a, b);
        }

        (Vector512<int> aLower, Vector512<int> aUpper) = Vector512.Widen(a);
        (Vector512<int> bLower, Vector512<int> bUpper) = Vector512.Widen(b);
        return sum + (aLower * bLower) + (aUpper * bUpper);
    }

    /// <summary>
    /// sum + a * b; a lane of the result takes the products of two lanes, in some order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddProducts(
        Vector256<short> a, Vector256<short> b, Vector256<int> sum)
    {
        if (Avx2.IsSupported)
        {
            return sum + Avx2.MultiplyAddAdjacent(a, b);
        }

        (Vector256<int> aLower, Vector256<int> aUpper) = Vector256.Widen(a);
        (Vector256<int> bLower, Vector256<int> bUpper) = Vector256.Widen(b);
        return sum + (aLower * bLower) + (aUpper * bUpper);
    }

    /// <summary>
    /// sum + a * b; a lane of the result takes the products of two lanes, in some order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddProducts(
        Vector128<short> a, Vector128<short> b, Vector128<int> sum)
    {
        if (Sse2.IsSupported)
        {
            return sum + Sse2.MultiplyAddAdjacent(a, b);
        }

        (Vector128<int> aLower, Vector128<int> aUpper) = Vector128.Widen(a);
        (Vector128<int> bLower, Vector128<int> bUpper) = Vector128.Widen(b);
        return sum + (aLower * bLower) + (aUpper * bUpper);
    }
}
