namespace NeuroDb.Gpu;

/// <summary>Halves to floats in memory, waiting for the registers.</summary>
internal readonly unsafe ref struct WidenAction(Half* from, float* to, int length) : IFloatAction
{
    private readonly Half* _from = from;
    private readonly float* _to = to;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int i = 0;
        for (; i + TLanes.Count <= length; i += TLanes.Count)
        {
            TLanes.Store(TLanes.LoadHalf(_from + i), _to + i);
        }

        for (; i < length; i++)
        {
            _to[i] = (float)_from[i];
        }
    }
}
