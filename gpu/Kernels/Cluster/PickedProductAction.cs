namespace NeuroDb.Gpu;

/// <summary>The products of some rows with one vector, waiting for registers.</summary>
internal readonly unsafe ref struct PickedProductAction(
    byte* rows, ReadOnlySpan<int> picked, int dimension, byte* query, Span<float> products)
    : IElementAction
{
    private readonly ReadOnlySpan<int> _picked = picked;
    private readonly Span<float> _products = products;
    private readonly byte* _rows = rows;
    private readonly byte* _query = query;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        nint size = (nint)dimension * TLanes.RowSizeBytes;
        for (int i = 0; i < _picked.Length; i++)
        {
            _products[i] = (float)PairReduction.Sum<TLanes, TVector, Dot>(
                _rows + (_picked[i] * size), _query, dimension, false);
        }
    }
}
