namespace NeuroDb.Gpu;

/// <summary>
/// The few operations that hashing needs of a register of 64-bit words, so that one loop serves
/// every width. Implementations are empty structs, as those of <see cref="ILanes{TVector}"/> are.
/// </summary>
/// <typeparam name="TVector">The register type.</typeparam>
internal unsafe interface IHashLanes<TVector>
    where TVector : struct
{
    /// <summary>Words in one register.</summary>
    static abstract int Count { get; }

    /// <summary>Loads a full register; the address needs no alignment.</summary>
    static abstract TVector Load(ulong* address);

    /// <summary>Loads <see cref="Count"/> UTF-16 units as words.</summary>
    static abstract TVector LoadUnits(ushort* address);

    /// <summary>Stores a full register; the address needs no alignment.</summary>
    static abstract void Store(TVector a, ulong* address);

    /// <summary>A register with the word in every lane.</summary>
    static abstract TVector Create(ulong value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>The lower half of a * b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a ^ b.</summary>
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>a shifted right, zeros from the left.</summary>
    static abstract TVector ShiftRight(TVector a, int count);
}
