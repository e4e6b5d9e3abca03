namespace NeuroDb.Gpu;

/// <summary>A <see cref="ScanLoop{TLanes,TVector,TRank}"/> that waits for its registers.</summary>
internal readonly ref struct ScanAction<TRank>(
    RowBlock block, int begin, int end, ReadOnlySpan<ulong> mask, TopKHeap heap) : IElementAction
    where TRank : struct, IRowRank
{
    private readonly RowBlock _block = block;
    private readonly ReadOnlySpan<ulong> _mask = mask;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        ScanLoop<TLanes, TVector, TRank>.Run(_block, begin, end, _mask, heap);
}
