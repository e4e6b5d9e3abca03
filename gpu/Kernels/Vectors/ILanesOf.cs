namespace NeuroDb.Gpu;

/// <summary>
/// The few operations that distance kernels need of a register of floats, so that one loop serves
/// every width. Implementations are empty structs: the JIT compiles one copy of a kernel for each
/// and the calls vanish.
/// </summary>
/// <typeparam name="TVector">The register type.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Floats in one register.</summary>
    static abstract int Count { get; }

    /// <summary>Loads a full register; the address needs no alignment.</summary>
    static abstract TVector Load(float* address);

    /// <summary>
    /// Loads the register that ends at <paramref name="end"/> and clears all but its last
    /// <paramref name="count"/> lanes. At least <see cref="Count"/> floats lie before the end.
    /// </summary>
    static abstract TVector LoadLast(float* end, int count);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a - b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>|a|.</summary>
    static abstract TVector Abs(TVector a);

    /// <summary>
    /// a * b + sum, with one rounding where the processor has fused multiply-add.
    /// </summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector sum);

    /// <summary>The sum of all lanes, in an order that depends on nothing but the width.</summary>
    static abstract float Sum(TVector a);
}
