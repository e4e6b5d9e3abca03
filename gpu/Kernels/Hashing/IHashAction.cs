namespace NeuroDb.Gpu;

/// <summary>Work that <see cref="HashDispatch"/> runs with the registers of a width.</summary>
internal interface IHashAction
{
    /// <summary>Does the work with these registers.</summary>
    void Run<TLanes, TVector>()
        where TLanes : struct, IHashLanes<TVector>
        where TVector : struct;
}
