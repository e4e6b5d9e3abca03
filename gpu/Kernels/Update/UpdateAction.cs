namespace NeuroDb.Gpu;

/// <summary>A step of an optimizer that waits for its registers.</summary>
internal readonly unsafe ref struct UpdateAction(
    UpdateStep step,
    Span<float> weights,
    ReadOnlySpan<float> gradients,
    Span<float> first,
    Span<float> second) : IFloatAction
{
    private readonly Span<float> _weights = weights;
    private readonly ReadOnlySpan<float> _gradients = gradients;
    private readonly Span<float> _first = first;
    private readonly Span<float> _second = second;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* w = _weights, g = _gradients, m = _first, v = _second)
        {
            UpdateLoop<TLanes, TVector>.Run(step, w, g, m, v, _weights.Length);
        }
    }
}
