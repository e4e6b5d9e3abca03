using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>128-bit registers: 4 floats.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>
{
    /// <inheritdoc/>
    public static int Count => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* address) => Vector128.Load(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadPartial(float* address, int count) =>
        PartialLoad.Bits128((byte*)address, count * sizeof(float)).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadHalf(Half* address) =>
        HalfBits.Decode(HalfBits.Widen(
            Vector64.Load((short*)address)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadHalfPartial(Half* address, int count) =>
        HalfBits.Decode(HalfBits.Widen(
            PartialLoad.Bits128((byte*)address, count * sizeof(Half)).AsInt16().GetLower()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBytes(byte* address, int shift, int mask) =>
        Vector128.ConvertToSingle(
            (ByteBits.Load128(address) >> shift) & Vector128.Create(mask));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadWords(ushort* address) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(
            Vector64.Load(address).ToVector128Unsafe()).AsInt32());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector128<float> a, byte* address) =>
        ByteBits.Store(Vector128.ConvertToInt32(a), address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> a, float* address) => a.Store(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Create(float value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Abs(Vector128<float> a) => Vector128.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FloorWithin(Vector128<float> a, Vector128<float> limit) =>
        Vector128.Min(Vector128.Max(Vector128.Floor(a), Vector128<float>.Zero), limit);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Different(Vector128<float> a, Vector128<float> b) =>
        Vector128.AndNot(Vector128<float>.One, Vector128.Equals(a, b))
        | Vector128.AndNot(
            Vector128.Create(float.NaN), Vector128.Equals(a, a) & Vector128.Equals(b, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(
        Vector128<float> a, Vector128<float> b, Vector128<float> sum) =>
        Vector128.MultiplyAddEstimate(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Butterfly(Vector128<float> a, int stride) => stride switch
    {
        1 => MultiplyAdd(
            a,
            Vector128.Create(
                1f, -1f, 1f, -1f),
            Vector128.Shuffle(a, Vector128.Create(
                1, 0, 3, 2))),
        _ => MultiplyAdd(
            a,
            Vector128.Create(
                1f, 1f, -1f, -1f),
            Vector128.Shuffle(a, Vector128.Create(
                2, 3, 0, 1))),
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotGreater(Vector128<float> a, Vector128<float> limit) =>
        0xF & ~(uint)Vector128.GreaterThan(a, limit).ExtractMostSignificantBits();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> a) => Vector128.Sum(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fold(Vector128<float> a) => a;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Vector128<float> a, float* address, int count)
    {
        if (Avx512F.VL.IsSupported)
        {
            Vector128<uint> mask = Vector128.GreaterThan(
                Vector128.Create((uint)count), Vector128<uint>.Indices);
            Avx512F.VL.MaskStore(address, mask.AsSingle(), a);
            return;
        }

        Unsafe.CopyBlockUnaligned(address, &a, (uint)count * sizeof(float));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SquareRoot(Vector128<float> a) => Vector128.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Maximum(Vector128<float> a, Vector128<float> b) =>
        Vector128.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector128<float> a)
    {
        Vector128<float> pairs = Vector128.Max(
            a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(
            pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Larger(Vector128<float> a, Vector128<float> b) =>
        X86Base.IsSupported
            ? Vector128.MaxNative(a, b)
            : Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> a)
    {
        // A NaN stays one: it is the second operand.
        Vector128<float> within = Vector128.MaxNative(
            Vector128.Create(Exponential.Least),
            Vector128.MinNative(Vector128.Create(Exponential.Largest), a));
        Vector128<float> rounded = MultiplyAdd(
            within,
            Vector128.Create(Exponential.Inverse),
            Vector128.Create(Exponential.Rounder));
        Vector128<float> whole = rounded - Vector128.Create(Exponential.Rounder);
        Vector128<float> rest = MultiplyAdd(whole, Vector128.Create(-Exponential.Coarse), within);
        rest = MultiplyAdd(whole, Vector128.Create(-Exponential.Fine), rest);
        Vector128<float> power = MultiplyAdd(
            Vector128.Create(Exponential.Sixth), rest, Vector128.Create(Exponential.Fifth));
        power = MultiplyAdd(power, rest, Vector128.Create(Exponential.Fourth));
        power = MultiplyAdd(power, rest, Vector128.Create(Exponential.Third));
        power = MultiplyAdd(power, rest, Vector128.Create(0.5f));
        power = MultiplyAdd(power, rest, Vector128<float>.One);
        power = MultiplyAdd(power, rest, Vector128<float>.One);
        Vector128<int> exponent = rounded.AsInt32()
            - Vector128.Create(Exponential.RounderBits);
        Vector128<int> half = exponent >> 1;
        return power * PowerOf(half) * PowerOf(exponent - half);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log(Vector128<float> a) => Vector128.Log(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> WherePositive(
        Vector128<float> test, Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(test, Vector128<float>.Zero), a, b);

    // Two to the power of whole numbers from -126 to 127.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOf(Vector128<int> exponent) =>
        ((exponent + Vector128.Create(Exponential.Bias)) << Exponential.MantissaBits).AsSingle();
}
