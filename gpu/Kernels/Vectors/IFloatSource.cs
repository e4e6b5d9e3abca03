namespace NeuroDb.Gpu;

/// <summary>Elements in memory that are computed with as floats.</summary>
internal unsafe interface IFloatSource
{
    /// <summary>Bytes of an element.</summary>
    static abstract int SizeBytes { get; }

    /// <summary>Loads a full register.</summary>
    static abstract TVector Load<TLanes, TVector>(byte* address)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;

    /// <summary>Loads fewer elements than a register holds; the others are zero.</summary>
    static abstract TVector LoadPartial<TLanes, TVector>(byte* address, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
