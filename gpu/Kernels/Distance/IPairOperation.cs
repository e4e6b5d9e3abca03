namespace NeuroDb.Gpu;

/// <summary>
/// What a distance kernel adds up for each pair of elements. Zero paired with zero must add
/// nothing: the last, partly filled register is padded with zeros.
/// </summary>
internal interface IPairOperation
{
    /// <summary>The sum after the elements of a and b, lane by lane.</summary>
    static abstract TVector Step<TLanes, TVector>(TVector a, TVector b, TVector sum)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct;
}
