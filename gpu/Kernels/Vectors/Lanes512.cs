using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>512-bit registers: 16 floats.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>
{
    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* address) => Vector512.Load(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadPartial(float* address, int count) =>
        PartialLoad.Bits512((byte*)address, count * sizeof(float)).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadHalf(Half* address) =>
        HalfBits.Decode(HalfBits.Widen(Vector256.Load((short*)address)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadHalfPartial(Half* address, int count) =>
        HalfBits.Decode(HalfBits.Widen(
            PartialLoad.Bits256((byte*)address, count * sizeof(Half)).AsInt16()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBytes(byte* address, int shift, int mask) =>
        Vector512.ConvertToSingle(
            (ByteBits.Load512(address) >> shift) & Vector512.Create(mask));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadWords(ushort* address)
    {
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load(address));
        return Vector512.ConvertToSingle(Vector512.Create(low, high).AsInt32());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<float> a, byte* address) =>
        ByteBits.Store(Vector512.ConvertToInt32(a), address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> a, float* address) => a.Store(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Create(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Abs(Vector512<float> a) => Vector512.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FloorWithin(Vector512<float> a, Vector512<float> limit) =>
        Vector512.Min(Vector512.Max(Vector512.Floor(a), Vector512<float>.Zero), limit);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Different(Vector512<float> a, Vector512<float> b) =>
        Vector512.AndNot(Vector512<float>.One, Vector512.Equals(a, b))
        | Vector512.AndNot(
            Vector512.Create(float.NaN), Vector512.Equals(a, a) & Vector512.Equals(b, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(
        Vector512<float> a, Vector512<float> b, Vector512<float> sum) =>
        Vector512.MultiplyAddEstimate(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Butterfly(Vector512<float> a, int stride) => stride switch
    {
        1 => MultiplyAdd(
            a,
            Vector512.Create(
                1f, -1f, 1f, -1f, 1f, -1f, 1f, -1f, 1f, -1f, 1f, -1f, 1f, -1f, 1f, -1f),
            Vector512.Shuffle(a, Vector512.Create(
                1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14))),
        2 => MultiplyAdd(
            a,
            Vector512.Create(
                1f, 1f, -1f, -1f, 1f, 1f, -1f, -1f, 1f, 1f, -1f, -1f, 1f, 1f, -1f, -1f),
            Vector512.Shuffle(a, Vector512.Create(
                2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13))),
        4 => MultiplyAdd(
            a,
            Vector512.Create(
                1f, 1f, 1f, 1f, -1f, -1f, -1f, -1f, 1f, 1f, 1f, 1f, -1f, -1f, -1f, -1f),
            Vector512.Shuffle(a, Vector512.Create(
                4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11))),
        _ => MultiplyAdd(
            a,
            Vector512.Create(
                1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, -1f, -1f, -1f, -1f, -1f, -1f, -1f, -1f),
            Vector512.Shuffle(a, Vector512.Create(
                8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))),
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotGreater(Vector512<float> a, Vector512<float> limit) =>
        0xFFFF & ~(uint)Vector512.GreaterThan(a, limit).ExtractMostSignificantBits();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> a) => Vector512.Sum(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fold(Vector512<float> a) =>
        Lanes256.Fold(a.GetLower() + a.GetUpper());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Vector512<float> a, float* address, int count)
    {
        if (Avx512F.VL.IsSupported)
        {
            Vector512<uint> mask = Vector512.GreaterThan(
                Vector512.Create((uint)count), Vector512<uint>.Indices);
            Avx512F.MaskStore(address, mask.AsSingle(), a);
            return;
        }

        Unsafe.CopyBlockUnaligned(address, &a, (uint)count * sizeof(float));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SquareRoot(Vector512<float> a) => Vector512.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Maximum(Vector512<float> a, Vector512<float> b) =>
        Vector512.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector512<float> a) =>
        Lanes256.Largest(Vector256.Max(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Larger(Vector512<float> a, Vector512<float> b) =>
        X86Base.IsSupported
            ? Vector512.MaxNative(a, b)
            : Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> a)
    {
        // A NaN stays one: it is the second operand.
        Vector512<float> within = Vector512.MaxNative(
            Vector512.Create(Exponential.Least),
            Vector512.MinNative(Vector512.Create(Exponential.Largest), a));
        Vector512<float> rounded = MultiplyAdd(
            within,
            Vector512.Create(Exponential.Inverse),
            Vector512.Create(Exponential.Rounder));
        Vector512<float> whole = rounded - Vector512.Create(Exponential.Rounder);
        Vector512<float> rest = MultiplyAdd(whole, Vector512.Create(-Exponential.Coarse), within);
        rest = MultiplyAdd(whole, Vector512.Create(-Exponential.Fine), rest);
        Vector512<float> power = MultiplyAdd(
            Vector512.Create(Exponential.Sixth), rest, Vector512.Create(Exponential.Fifth));
        power = MultiplyAdd(power, rest, Vector512.Create(Exponential.Fourth));
        power = MultiplyAdd(power, rest, Vector512.Create(Exponential.Third));
        power = MultiplyAdd(power, rest, Vector512.Create(0.5f));
        power = MultiplyAdd(power, rest, Vector512<float>.One);
        power = MultiplyAdd(power, rest, Vector512<float>.One);
        if (Avx512F.IsSupported)
        {
            return Avx512F.Scale(power, whole);
        }

        Vector512<int> exponent = rounded.AsInt32()
            - Vector512.Create(Exponential.RounderBits);
        Vector512<int> half = exponent >> 1;
        return power * PowerOf(half) * PowerOf(exponent - half);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> a) => Vector512.Log(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WherePositive(
        Vector512<float> test, Vector512<float> a, Vector512<float> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(test, Vector512<float>.Zero), a, b);

    // Two to the power of whole numbers from -126 to 127.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOf(Vector512<int> exponent) =>
        ((exponent + Vector512.Create(Exponential.Bias)) << Exponential.MantissaBits).AsSingle();
}
