namespace NeuroDb.Gpu;

/// <summary>
/// The gradient of a pooling, added to zeros: a maximum goes back to the pixel it came from, an
/// average to all pixels of its window.
/// </summary>
internal readonly unsafe ref struct PoolingGradientAction(
    PoolingKind kind,
    ConvolutionShape shape,
    ReadOnlySpan<float> outputGradient,
    ReadOnlySpan<byte> taps,
    Span<float> inputGradient) : IFloatAction
{
    private readonly ReadOnlySpan<float> _outputGradient = outputGradient;
    private readonly ReadOnlySpan<byte> _taps = taps;
    private readonly Span<float> _inputGradient = inputGradient;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* gradient = _outputGradient, result = _inputGradient)
        fixed (byte* taps = _taps)
        {
            nint at = 0;
            for (int image = 0; image < shape.Count; image++)
            {
                float* first = result + ((nint)image * shape.ImageLength);
                for (int row = 0; row < shape.OutHeight; row++)
                {
                    for (int column = 0; column < shape.OutWidth; column++)
                    {
                        RunWindow<TLanes, TVector>(first, row, column, gradient + at, taps + at);
                        at += shape.Channels;
                    }
                }
            }
        }
    }

    private void RunWindow<TLanes, TVector>(
        float* image, int row, int column, float* gradient, byte* taps)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int top = (row * shape.Stride) - shape.PadTop;
        int left = (column * shape.Stride) - shape.PadLeft;
        var rows = new WindowRange(top, shape.KernelHeight, shape.Height);
        var columns = new WindowRange(left, shape.KernelWidth, shape.Width);
        float* window = image + (((top * shape.Width) + left) * shape.Channels);
        float share = 1f / ((rows.End - rows.First) * (columns.End - columns.First));
        for (int channel = 0; channel < shape.Channels; channel += TLanes.Count)
        {
            int rest = shape.Channels - channel;
            TVector number = EdgeLanes<TLanes, TVector>.Load(gradient + channel, rest);
            TVector source = kind == PoolingKind.Average
                ? default : LoadTaps<TLanes, TVector>(taps + channel, rest);
            for (int i = rows.First; i < rows.End; i++)
            {
                for (int j = columns.First; j < columns.End; j++)
                {
                    float* target = window
                        + (((i * shape.Width) + j) * shape.Channels) + channel;
                    TVector part = kind == PoolingKind.Average
                        ? TLanes.Multiply(number, TLanes.Create(share))
                        : TLanes.WherePositive(
                            TLanes.Abs(TLanes.Subtract(
                                source, TLanes.Create((i * shape.KernelWidth) + j))),
                            default,
                            number);
                    EdgeLanes<TLanes, TVector>.Store(
                        TLanes.Add(part, EdgeLanes<TLanes, TVector>.Load(target, rest)),
                        target,
                        rest);
                }
            }
        }
    }

    private static TVector LoadTaps<TLanes, TVector>(byte* taps, int rest)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (rest >= TLanes.Count)
        {
            return TLanes.LoadBytes(taps, 0, 255);
        }

        float* numbers = stackalloc float[16];
        for (int i = 0; i < rest; i++)
        {
            numbers[i] = taps[i];
        }

        return TLanes.LoadPartial(numbers, rest);
    }
}
