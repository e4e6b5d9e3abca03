namespace NeuroDb.Gpu;

/// <summary>
/// The transform of weights, u = G g G', that waits for its registers: G = (1 0 0; 1/2 1/2 1/2;
/// 1/2 -1/2 1/2; 0 0 1).
/// </summary>
internal readonly unsafe ref struct WinogradWeightAction(
    ConvolutionShape shape, ReadOnlySpan<float> weights, Span<float> transformed) : IFloatAction
{
    private readonly ReadOnlySpan<float> _weights = weights;
    private readonly Span<float> _transformed = transformed;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int width = WinogradConvolution.PaddedOut(shape);
        if (width > shape.OutChannels)
        {
            _transformed.Clear();
        }

        nint plane = (nint)shape.Channels * width;
        nint tap = (nint)shape.Channels * shape.OutChannels;
        float* rows = stackalloc float[12 * 16];
        fixed (float* weights = _weights, transformed = _transformed)
        {
            for (int channel = 0; channel < shape.Channels; channel++)
            {
                for (nint at = 0; at < shape.OutChannels; at += TLanes.Count)
                {
                    nint column = Math.Min(at, shape.OutChannels - TLanes.Count);
                    float* from = weights + ((nint)channel * shape.OutChannels) + column;
                    float* to = transformed + ((nint)channel * width) + column;
                    if (shape.KernelHeight == 1)
                    {
                        Spread<TLanes, TVector>(from, tap, to, plane);
                        continue;
                    }

                    for (int j = 0; j < 3; j++)
                    {
                        Spread<TLanes, TVector>(
                            from + (j * tap), 3 * tap, rows + (j * 16), 3 * 16);
                    }

                    for (int i = 0; i < 4; i++)
                    {
                        Spread<TLanes, TVector>(
                            rows + (i * 3 * 16), 16, to + (4 * i * plane), plane);
                    }
                }
            }
        }
    }

    private static void Spread<TLanes, TVector>(float* from, nint step, float* to, nint toStep)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector half = TLanes.Create(0.5f);
        TVector first = TLanes.Load(from);
        TVector last = TLanes.Load(from + (2 * step));
        TVector outer = TLanes.Multiply(half, TLanes.Add(first, last));
        TVector inner = TLanes.Multiply(half, TLanes.Load(from + step));
        TLanes.Store(first, to);
        TLanes.Store(TLanes.Add(outer, inner), to + toStep);
        TLanes.Store(TLanes.Subtract(outer, inner), to + (2 * toStep));
        TLanes.Store(last, to + (3 * toStep));
    }
}
