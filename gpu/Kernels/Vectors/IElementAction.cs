namespace NeuroDb.Gpu;

/// <summary>
/// Work that <see cref="ElementDispatch"/> runs with the registers for an element type and a width.
/// </summary>
internal interface IElementAction
{
    /// <summary>Does the work with these registers.</summary>
    void Run<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct;
}
