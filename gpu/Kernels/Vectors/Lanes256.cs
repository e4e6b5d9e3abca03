using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>256-bit registers: 8 floats.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* address) => Vector256.Load(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadPartial(float* address, int count) =>
        PartialLoad.Bits256((byte*)address, count * sizeof(float)).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadHalf(Half* address) =>
        HalfBits.Decode(HalfBits.Widen(Vector128.Load((short*)address)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadHalfPartial(Half* address, int count) =>
        HalfBits.Decode(HalfBits.Widen(
            PartialLoad.Bits128((byte*)address, count * sizeof(Half)).AsInt16()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadBytes(byte* address, int shift, int mask) =>
        Vector256.ConvertToSingle(
            (ByteBits.Load256(address) >> shift) & Vector256.Create(mask));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadWords(ushort* address)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.Load(address));
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector256<float> a, byte* address) =>
        ByteBits.Store(Vector256.ConvertToInt32(a), address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> a, float* address) => a.Store(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Create(float value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Abs(Vector256<float> a) => Vector256.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FloorWithin(Vector256<float> a, Vector256<float> limit) =>
        Vector256.Min(Vector256.Max(Vector256.Floor(a), Vector256<float>.Zero), limit);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Different(Vector256<float> a, Vector256<float> b) =>
        Vector256.AndNot(Vector256<float>.One, Vector256.Equals(a, b))
        | Vector256.AndNot(
            Vector256.Create(float.NaN), Vector256.Equals(a, a) & Vector256.Equals(b, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(
        Vector256<float> a, Vector256<float> b, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(a, b, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Butterfly(Vector256<float> a, int stride) => stride switch
    {
        1 => MultiplyAdd(
            a,
            Vector256.Create(
                1f, -1f, 1f, -1f, 1f, -1f, 1f, -1f),
            Vector256.Shuffle(a, Vector256.Create(
                1, 0, 3, 2, 5, 4, 7, 6))),
        2 => MultiplyAdd(
            a,
            Vector256.Create(
                1f, 1f, -1f, -1f, 1f, 1f, -1f, -1f),
            Vector256.Shuffle(a, Vector256.Create(
                2, 3, 0, 1, 6, 7, 4, 5))),
        _ => MultiplyAdd(
            a,
            Vector256.Create(
                1f, 1f, 1f, 1f, -1f, -1f, -1f, -1f),
            Vector256.Shuffle(a, Vector256.Create(
                4, 5, 6, 7, 0, 1, 2, 3))),
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NotGreater(Vector256<float> a, Vector256<float> limit) =>
        0xFF & ~(uint)Vector256.GreaterThan(a, limit).ExtractMostSignificantBits();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> a) => Vector256.Sum(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fold(Vector256<float> a) => a.GetLower() + a.GetUpper();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Vector256<float> a, float* address, int count)
    {
        if (Avx512F.VL.IsSupported)
        {
            Vector256<uint> mask = Vector256.GreaterThan(
                Vector256.Create((uint)count), Vector256<uint>.Indices);
            Avx512F.VL.MaskStore(address, mask.AsSingle(), a);
            return;
        }

        Unsafe.CopyBlockUnaligned(address, &a, (uint)count * sizeof(float));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SquareRoot(Vector256<float> a) => Vector256.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Maximum(Vector256<float> a, Vector256<float> b) =>
        Vector256.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector256<float> a) =>
        Lanes128.Largest(Vector128.Max(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Larger(Vector256<float> a, Vector256<float> b) =>
        X86Base.IsSupported
            ? Vector256.MaxNative(a, b)
            : Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> a)
    {
        // A NaN stays one: it is the second operand.
        Vector256<float> within = Vector256.MaxNative(
            Vector256.Create(Exponential.Least),
            Vector256.MinNative(Vector256.Create(Exponential.Largest), a));
        Vector256<float> rounded = MultiplyAdd(
            within,
            Vector256.Create(Exponential.Inverse),
            Vector256.Create(Exponential.Rounder));
        Vector256<float> whole = rounded - Vector256.Create(Exponential.Rounder);
        Vector256<float> rest = MultiplyAdd(whole, Vector256.Create(-Exponential.Coarse), within);
        rest = MultiplyAdd(whole, Vector256.Create(-Exponential.Fine), rest);
        Vector256<float> power = MultiplyAdd(
            Vector256.Create(Exponential.Sixth), rest, Vector256.Create(Exponential.Fifth));
        power = MultiplyAdd(power, rest, Vector256.Create(Exponential.Fourth));
        power = MultiplyAdd(power, rest, Vector256.Create(Exponential.Third));
        power = MultiplyAdd(power, rest, Vector256.Create(0.5f));
        power = MultiplyAdd(power, rest, Vector256<float>.One);
        power = MultiplyAdd(power, rest, Vector256<float>.One);
        Vector256<int> exponent = rounded.AsInt32()
            - Vector256.Create(Exponential.RounderBits);
        Vector256<int> half = exponent >> 1;
        return power * PowerOf(half) * PowerOf(exponent - half);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> a) => Vector256.Log(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WherePositive(
        Vector256<float> test, Vector256<float> a, Vector256<float> b) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(test, Vector256<float>.Zero), a, b);

    // Two to the power of whole numbers from -126 to 127.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOf(Vector256<int> exponent) =>
        ((exponent + Vector256.Create(Exponential.Bias)) << Exponential.MantissaBits).AsSingle();
}
