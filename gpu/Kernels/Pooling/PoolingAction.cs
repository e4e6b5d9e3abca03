namespace NeuroDb.Gpu;

/// <summary>A pooling that waits for its registers; channels side by side share one.</summary>
internal readonly unsafe ref struct PoolingAction(
    PoolingKind kind,
    ConvolutionShape shape,
    ReadOnlySpan<float> input,
    Span<float> output,
    Span<byte> taps) : IFloatAction
{
    private readonly ReadOnlySpan<float> _input = input;
    private readonly Span<float> _output = output;
    private readonly Span<byte> _taps = taps;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* input = _input, output = _output)
        fixed (byte* taps = _taps)
        {
            nint at = 0;
            for (int image = 0; image < shape.Count; image++)
            {
                float* first = input + ((nint)image * shape.ImageLength);
                for (int row = 0; row < shape.OutHeight; row++)
                {
                    for (int column = 0; column < shape.OutWidth; column++)
                    {
                        RunWindow<TLanes, TVector>(first, row, column, output + at, taps + at);
                        at += shape.Channels;
                    }
                }
            }
        }
    }

    private void RunWindow<TLanes, TVector>(
        float* image, int row, int column, float* output, byte* taps)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int top = (row * shape.Stride) - shape.PadTop;
        int left = (column * shape.Stride) - shape.PadLeft;
        var rows = new WindowRange(top, shape.KernelHeight, shape.Height);
        var columns = new WindowRange(left, shape.KernelWidth, shape.Width);
        float* window = image + (((top * shape.Width) + left) * shape.Channels);
        if (kind == PoolingKind.Average || _taps.IsEmpty)
        {
            nint line = (nint)shape.Width * shape.Channels;
            PoolingWindow<TLanes, TVector>.Run(
                kind,
                window + (rows.First * line) + ((nint)columns.First * shape.Channels),
                line,
                rows.End - rows.First,
                columns.End - columns.First,
                shape.Channels,
                output);
            return;
        }

        for (int channel = 0; channel < shape.Channels; channel += TLanes.Count)
        {
            Maximum<TLanes, TVector>(
                window + channel,
                rows,
                columns,
                output + channel,
                taps + channel,
                shape.Channels - channel);
        }
    }

    private void Maximum<TLanes, TVector>(
        float* window,
        WindowRange rows,
        WindowRange columns,
        float* output,
        byte* taps,
        int rest)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* first = window
            + (((rows.First * shape.Width) + columns.First) * shape.Channels);
        TVector best = EdgeLanes<TLanes, TVector>.Load(first, rest);
        TVector tap = TLanes.Create((rows.First * shape.KernelWidth) + columns.First);
        for (int i = rows.First; i < rows.End; i++)
        {
            for (int j = columns.First; j < columns.End; j++)
            {
                float* source = window + (((i * shape.Width) + j) * shape.Channels);
                TVector next = EdgeLanes<TLanes, TVector>.Load(source, rest);
                TVector ahead = TLanes.Subtract(next, best);
                tap = TLanes.WherePositive(
                    ahead, TLanes.Create((i * shape.KernelWidth) + j), tap);
                best = TLanes.WherePositive(ahead, next, best);
            }
        }

        EdgeLanes<TLanes, TVector>.Store(best, output, rest);
        if (rest >= TLanes.Count)
        {
            TLanes.StoreBytes(tap, taps);
            return;
        }

        float* numbers = stackalloc float[16];
        TLanes.Store(tap, numbers);
        for (int i = 0; i < rest; i++)
        {
            taps[i] = (byte)numbers[i];
        }
    }
}
