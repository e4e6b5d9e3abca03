using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// The few operations that kernels need of a register of floats, so that one loop serves every
/// width. Implementations are empty structs: the JIT compiles one copy of a kernel for each and
/// the calls vanish.
/// </summary>
/// <typeparam name="TVector">The register type.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Floats in one register.</summary>
    static abstract int Count { get; }

    /// <summary>Loads a full register; the address needs no alignment.</summary>
    static abstract TVector Load(float* address);

    /// <summary>Loads fewer floats than a register holds; the other lanes are zero.</summary>
    static abstract TVector LoadPartial(float* address, int count);

    /// <summary>Loads a full register of half-precision numbers.</summary>
    static abstract TVector LoadHalf(Half* address);

    /// <summary>Loads fewer halves than a register holds; the other lanes are zero.</summary>
    static abstract TVector LoadHalfPartial(Half* address, int count);

    /// <summary>
    /// Loads <see cref="Count"/> bytes as numbers, shifted right by so many bits and cut by a mask.
    /// </summary>
    static abstract TVector LoadBytes(byte* address, int shift, int mask);

    /// <summary>Loads <see cref="Count"/> whole numbers of 16 bits.</summary>
    static abstract TVector LoadWords(ushort* address);

    /// <summary>Stores whole numbers from 0 to 255 as bytes.</summary>
    static abstract void StoreBytes(TVector a, byte* address);

    /// <summary>Stores a full register; the address needs no alignment.</summary>
    static abstract void Store(TVector a, float* address);

    /// <summary>A register with the number in every lane.</summary>
    static abstract TVector Create(float value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a - b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a * b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>|a|.</summary>
    static abstract TVector Abs(TVector a);

    /// <summary>The largest whole number not above a, within [0, limit].</summary>
    static abstract TVector FloorWithin(TVector a, TVector limit);

    /// <summary>1 in every lane where a and b differ, NaN where either is, 0 elsewhere.</summary>
    static abstract TVector Different(TVector a, TVector b);

    /// <summary>
    /// a * b + sum, with one rounding where the processor has fused multiply-add.
    /// </summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector sum);

    /// <summary>
    /// Sums and differences of the lanes whose indexes differ only in the bit
    /// <paramref name="stride"/>: a[i] + a[i + stride] in the lower, a[i] - a[i + stride] in the
    /// upper one. The stride is a constant power of two below <see cref="Count"/>.
    /// </summary>
    static abstract TVector Butterfly(TVector a, int stride);

    /// <summary>A bit for each lane, set unless a is greater than the limit.</summary>
    static abstract uint NotGreater(TVector a, TVector limit);

    /// <summary>The sum of all lanes, in an order that depends on nothing but the width.</summary>
    static abstract float Sum(TVector a);

    /// <summary>Four lanes that add up to the sum of all.</summary>
    static abstract Vector128<float> Fold(TVector a);

    /// <summary>Stores the first lanes of a register; memory behind them is not touched.</summary>
    static abstract void StorePartial(TVector a, float* address, int count);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>The square root of a.</summary>
    static abstract TVector SquareRoot(TVector a);

    /// <summary>The larger of a and b; NaN where either is.</summary>
    static abstract TVector Maximum(TVector a, TVector b);

    /// <summary>The largest lane; NaN if any lane is.</summary>
    static abstract float Largest(TVector a);

    /// <summary>a where it is greater than b, b elsewhere, NaN included.</summary>
    static abstract TVector Larger(TVector a, TVector b);

    /// <summary>e to the power of a, to a few units in the last place.</summary>
    static abstract TVector Exp(TVector a);

    /// <summary>The natural logarithm of a, to a few units in the last place.</summary>
    static abstract TVector Log(TVector a);

    /// <summary>a where the test is greater than zero, b elsewhere.</summary>
    static abstract TVector WherePositive(TVector test, TVector a, TVector b);
}
