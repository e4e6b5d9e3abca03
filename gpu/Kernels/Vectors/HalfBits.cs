using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// Half-precision numbers (IEEE 754 binary16) to single precision in registers, exactly: .NET
/// exposes no F16C instruction. The fields of the half are moved to those of a float, whose
/// exponent is then too low by 112; a product puts that right, for subnormal numbers as well.
/// </summary>
/// <remarks>Infinities and NaN stay what they are.</remarks>
internal static class HalfBits
{
    private const int Kept = unchecked((int)0x8FFFE000);
    private const int HalfExponent = 0x0F800000;
    private const int SingleExponent = 0x7F800000;
    private const float Scale = 5.192296858534828e33f;

    /// <summary>The bits of 16 halves, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(Vector256<short> halves)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Int32(halves);
        }

        (Vector256<int> lower, Vector256<int> upper) = Vector256.Widen(halves);
        return Vector512.Create(lower, upper);
    }

    /// <summary>The bits of 8 halves, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Widen(Vector128<short> halves)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int32(halves);
        }

        (Vector128<int> lower, Vector128<int> upper) = Vector128.Widen(halves);
        return Vector256.Create(lower, upper);
    }

    /// <summary>The bits of 4 halves, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Widen(Vector64<short> halves) =>
        Vector128.WidenLower(halves.ToVector128());

    /// <summary>16 halves, as <see cref="Widen(Vector256{short})"/> gives them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(Vector512<int> bits)
    {
        Vector512<int> moved = (bits << 13) & Vector512.Create(Kept);
        Vector512<int> top = Vector512.Create(HalfExponent);
        Vector512<int> special =
            Vector512.Equals(moved & top, top) & Vector512.Create(SingleExponent);
        return ((moved.AsSingle() * Scale).AsInt32() | special).AsSingle();
    }

    /// <summary>8 halves, as <see cref="Widen(Vector128{short})"/> gives them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Decode(Vector256<int> bits)
    {
        Vector256<int> moved = (bits << 13) & Vector256.Create(Kept);
        Vector256<int> top = Vector256.Create(HalfExponent);
        Vector256<int> special =
            Vector256.Equals(moved & top, top) & Vector256.Create(SingleExponent);
        return ((moved.AsSingle() * Scale).AsInt32() | special).AsSingle();
    }

    /// <summary>4 halves, as <see cref="Widen(Vector64{short})"/> gives them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Decode(Vector128<int> bits)
    {
        Vector128<int> moved = (bits << 13) & Vector128.Create(Kept);
        Vector128<int> top = Vector128.Create(HalfExponent);
        Vector128<int> special =
            Vector128.Equals(moved & top, top) & Vector128.Create(SingleExponent);
        return ((moved.AsSingle() * Scale).AsInt32() | special).AsSingle();
    }
}
