namespace NeuroDb.Gpu;

/// <summary>
/// Pooling of images whose channels lie side by side, channel by channel, and its gradient. Shapes
/// as in <see cref="ConvolutionShape"/>, with as many channels out as in; a maximum is of at most
/// 256 pixels. Pixels outside the image do not take part.
/// </summary>
internal static class Pooling
{
    /// <summary>The definition; taps say which pixel of its window a maximum came from.</summary>
    public static void ForwardScalar(
        PoolingKind kind,
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<byte> taps)
    {
        for (int place = 0; place < output.Length; place++)
        {
            double sum = 0;
            int count = 0;
            float best = 0;
            for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
            {
                int at = SourceOf(shape, place, tap);
                if (at < 0)
                {
                    continue;
                }

                sum += input[at];
                if (count == 0 || input[at] > best)
                {
                    best = input[at];
                    taps[place] = (byte)tap;
                }

                count++;
            }

            output[place] = kind == PoolingKind.Maximum ? best : (float)(sum / count);
        }
    }

    /// <summary>The definition of the gradient: what the input gradient receives.</summary>
    public static void BackwardScalar(
        PoolingKind kind,
        ConvolutionShape shape,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<byte> taps,
        Span<float> inputGradient)
    {
        inputGradient.Clear();
        for (int place = 0; place < outputGradient.Length; place++)
        {
            if (kind == PoolingKind.Maximum)
            {
                inputGradient[SourceOf(shape, place, taps[place])] += outputGradient[place];
                continue;
            }

            int[] sources =
            [
                .. Enumerable.Range(0, shape.KernelHeight * shape.KernelWidth)
                    .Select(tap => SourceOf(shape, place, tap)).Where(at => at >= 0),
            ];
            foreach (int at in sources)
            {
                inputGradient[at] += outputGradient[place] / sources.Length;
            }
        }
    }

    /// <summary>The pooled images, with the widest registers.</summary>
    public static void Forward(
        PoolingKind kind,
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<byte> taps) =>
        Forward(kind, shape, input, output, taps, VectorWidths.Widest);

    /// <summary>
    /// The pooled images, with registers of a width; without taps where no gradient is wanted.
    /// </summary>
    public static void Forward(
        PoolingKind kind,
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<byte> taps,
        VectorWidth width)
    {
        Check(shape, input.Length, output.Length, taps.Length, kind);
        var action = new PoolingAction(kind, shape, input, output, taps);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>The gradient with respect to the input.</summary>
    public static void Backward(
        PoolingKind kind,
        ConvolutionShape shape,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<byte> taps,
        Span<float> inputGradient) =>
        Backward(kind, shape, outputGradient, taps, inputGradient, VectorWidths.Widest);

    /// <summary>The gradient with respect to the input, with registers of a width.</summary>
    public static void Backward(
        PoolingKind kind,
        ConvolutionShape shape,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<byte> taps,
        Span<float> inputGradient,
        VectorWidth width)
    {
        Check(shape, inputGradient.Length, outputGradient.Length, taps.Length, kind);
        inputGradient.Clear();
        var action = new PoolingGradientAction(kind, shape, outputGradient, taps, inputGradient);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>Where a tap of the window of an output number reads, or -1 outside.</summary>
    private static int SourceOf(ConvolutionShape shape, int place, int tap)
    {
        int channel = place % shape.Channels;
        int pixel = place / shape.Channels;
        int column = (pixel % shape.OutWidth * shape.Stride) - shape.PadLeft
            + (tap % shape.KernelWidth);
        int row = (pixel / shape.OutWidth % shape.OutHeight * shape.Stride) - shape.PadTop
            + (tap / shape.KernelWidth);
        int image = pixel / (shape.OutWidth * shape.OutHeight);
        return row < 0 || row >= shape.Height || column < 0 || column >= shape.Width
            ? -1
            : (((((image * shape.Height) + row) * shape.Width) + column) * shape.Channels)
                + channel;
    }

    private static void Check(
        ConvolutionShape shape, int input, int output, int taps, PoolingKind kind)
    {
        if (input != shape.Count * shape.ImageLength
            || output != shape.Count * shape.OutImageLength
            || (kind == PoolingKind.Maximum && taps != output && taps != 0)
            || shape.Channels != shape.OutChannels
            || (kind == PoolingKind.Maximum && shape.KernelHeight * shape.KernelWidth > 256))
        {
            throw new ArgumentException("The arrays of a pooling do not fit its shape.");
        }
    }
}
