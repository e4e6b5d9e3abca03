namespace NeuroDb.Gpu;

/// <summary>Work that <see cref="FloatDispatch"/> runs with the registers of a width.</summary>
internal interface IFloatAction
{
    /// <summary>Does the work with these registers.</summary>
    void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
