namespace NeuroDb.Gpu;

/// <summary>A <see cref="PairReduction"/> that waits for its registers.</summary>
internal unsafe ref struct PairAction<TOperation>(byte* a, byte* b, int length) : IElementAction
    where TOperation : struct, IPairOperation
{
    private readonly byte* _a = a;
    private readonly byte* _b = b;
    private readonly int _length = length;

    /// <summary>The sum.</summary>
    public double Result { get; private set; }

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        Result = PairReduction.Sum<TLanes, TVector, TOperation>(_a, _b, _length, false);
}
