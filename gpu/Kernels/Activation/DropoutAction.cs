namespace NeuroDb.Gpu;

/// <summary>A dropout that waits for its registers.</summary>
internal readonly unsafe ref struct DropoutAction(
    ReadOnlySpan<float> x, ReadOnlySpan<byte> mask, float scale, Span<float> y) : IFloatAction
{
    private readonly ReadOnlySpan<float> _x = x;
    private readonly ReadOnlySpan<byte> _mask = mask;
    private readonly Span<float> _y = y;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* x = _x, y = _y)
        fixed (byte* mask = _mask)
        {
            TVector factor = TLanes.Create(scale);
            nint i = 0;
            for (; i + TLanes.Count <= _x.Length; i += TLanes.Count)
            {
                TVector kept = TLanes.Multiply(TLanes.LoadBytes(mask + i, 0, 255), factor);
                TLanes.Store(TLanes.Multiply(TLanes.Load(x + i), kept), y + i);
            }

            for (; i < _x.Length; i++)
            {
                y[i] = x[i] * (mask[i] * scale);
            }
        }
    }
}
