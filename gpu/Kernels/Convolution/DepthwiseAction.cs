namespace NeuroDb.Gpu;

/// <summary>A depthwise convolution that waits for its registers.</summary>
internal readonly unsafe ref struct DepthwiseAction(
    ConvolutionShape shape,
    DepthwisePass pass,
    ReadOnlySpan<float> input,
    ReadOnlySpan<float> weights,
    ReadOnlySpan<float> third,
    Span<float> result) : IFloatAction
{
    private readonly ReadOnlySpan<float> _input = input;
    private readonly ReadOnlySpan<float> _weights = weights;
    private readonly ReadOnlySpan<float> _third = third;
    private readonly Span<float> _result = result;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* input = _input, weights = _weights, third = _third, result = _result)
        {
            nint at = 0;
            bool isSlide = pass == DepthwisePass.Forward
                && DepthwiseSlide<TLanes, TVector>.Applies(shape);
            float* zeros = isSlide ? Zeros() : null;
            for (int image = 0; image < shape.Count; image++)
            {
                float* first = input + ((nint)image * shape.ImageLength);
                if (isSlide)
                {
                    DepthwiseSlide<TLanes, TVector>.Run(
                        shape, first, weights, third, zeros, result + at);
                    at += shape.OutImageLength;
                    continue;
                }

                for (int row = 0; row < shape.OutHeight; row++)
                {
                    RunRow<TLanes, TVector>(first, row, weights, third, result, at);
                    at += (nint)shape.OutWidth * shape.Channels;
                }
            }
        }
    }

    private float* Zeros()
    {
        int length = shape.Width * shape.Channels;
        float* zeros = ConvolutionScratch.Image(length);
        new Span<float>(zeros, length).Clear();
        return zeros;
    }

    private void RunRow<TLanes, TVector>(
        float* image, int row, float* weights, float* third, float* result, nint at)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        // The pixels from inner to end have their windows inside the image.
        int inner = shape.OutWidth;
        int end = shape.OutWidth;
        if (pass == DepthwisePass.Forward && shape.Width >= shape.KernelWidth)
        {
            inner = Math.Min(end, (shape.PadLeft + shape.Stride - 1) / shape.Stride);
            end = Math.Clamp(
                ((shape.Width - shape.KernelWidth + shape.PadLeft) / shape.Stride) + 1,
                inner,
                end);
            int top = (row * shape.Stride) - shape.PadTop;
            int left = (inner * shape.Stride) - shape.PadLeft;
            DepthwiseRow<TLanes, TVector>.Run(
                shape,
                image + ((((nint)top * shape.Width) + left) * shape.Channels),
                weights,
                third,
                result + at + ((nint)inner * shape.Channels),
                new WindowRange(top, shape.KernelHeight, shape.Height),
                end - inner);
        }

        for (int column = 0; column < shape.OutWidth; column++)
        {
            column = column == inner ? end : column;
            if (column < shape.OutWidth)
            {
                RunPixel<TLanes, TVector>(
                    image,
                    (row * shape.OutWidth) + column,
                    weights,
                    third,
                    result,
                    at + ((nint)column * shape.Channels));
            }
        }
    }

    private void RunPixel<TLanes, TVector>(
        float* image, int place, float* weights, float* third, float* result, nint at)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int top = (place / shape.OutWidth * shape.Stride) - shape.PadTop;
        int left = (place % shape.OutWidth * shape.Stride) - shape.PadLeft;
        var rows = new WindowRange(top, shape.KernelHeight, shape.Height);
        var columns = new WindowRange(left, shape.KernelWidth, shape.Width);
        float* window = image + (((top * shape.Width) + left) * shape.Channels);
        for (int channel = 0; channel < shape.Channels; channel += TLanes.Count)
        {
            int rest = shape.Channels - channel;
            if (pass == DepthwisePass.Forward)
            {
                TVector sum = third == null
                    ? default : EdgeLanes<TLanes, TVector>.Load(third + channel, rest);
                sum = Sum<TLanes, TVector>(
                    window + channel, weights + channel, rows, columns, rest, sum);
                EdgeLanes<TLanes, TVector>.Store(sum, result + at + channel, rest);
            }
            else
            {
                TVector gradient = EdgeLanes<TLanes, TVector>.Load(third + at + channel, rest);
                Spread<TLanes, TVector>(
                    window + channel, weights + channel, rows, columns, rest, gradient);
            }
        }
    }

    private TVector Sum<TLanes, TVector>(
        float* window,
        float* weights,
        WindowRange rows,
        WindowRange columns,
        int rest,
        TVector sum)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int i = rows.First; i < rows.End; i++)
        {
            for (int j = columns.First; j < columns.End; j++)
            {
                sum = TLanes.MultiplyAdd(
                    EdgeLanes<TLanes, TVector>.Load(
                        window + (((i * shape.Width) + j) * shape.Channels), rest),
                    EdgeLanes<TLanes, TVector>.Load(
                        weights + (((i * shape.KernelWidth) + j) * shape.Channels), rest),
                    sum);
            }
        }

        return sum;
    }

    /// <summary>
    /// Adds the gradient times the weights to the window, or times the window to the weights.
    /// </summary>
    private void Spread<TLanes, TVector>(
        float* window,
        float* weights,
        WindowRange rows,
        WindowRange columns,
        int rest,
        TVector gradient)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int i = rows.First; i < rows.End; i++)
        {
            for (int j = columns.First; j < columns.End; j++)
            {
                float* pixel = window + (((i * shape.Width) + j) * shape.Channels);
                float* tap = weights + (((i * shape.KernelWidth) + j) * shape.Channels);
                bool isInput = pass == DepthwisePass.InputGradient;
                float* target = isInput ? pixel : tap;
                float* factor = isInput ? tap : pixel;
                EdgeLanes<TLanes, TVector>.Store(
                    TLanes.MultiplyAdd(
                        gradient,
                        EdgeLanes<TLanes, TVector>.Load(factor, rest),
                        EdgeLanes<TLanes, TVector>.Load(target, rest)),
                    target,
                    rest);
            }
        }
    }
}
