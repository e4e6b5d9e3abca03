namespace NeuroDb.Gpu;

/// <summary>
/// A convolution of every channel with a kernel of its own, and its gradients: y[n, r, q, c] = sum
/// over i, j of x[n, r * stride + i - top, q * stride + j - left, c] * w[i, j, c]. Shapes as in
/// <see cref="ConvolutionShape"/>. Single precision, one thread.
/// </summary>
internal static class DepthwiseConvolution
{
    /// <summary>The definition: output, or what a gradient of it adds up to.</summary>
    public static void ComputeScalar(
        ConvolutionShape shape,
        DepthwisePass pass,
        ReadOnlySpan<float> left,
        ReadOnlySpan<float> right,
        Span<double> result)
    {
        int taps = shape.KernelHeight * shape.KernelWidth;
        for (int place = 0; place < shape.Count * shape.OutImageLength; place++)
        {
            int channel = place % shape.Channels;
            int pixel = place / shape.Channels;
            for (int tap = 0; tap < taps; tap++)
            {
                int column = (pixel % shape.OutWidth * shape.Stride) - shape.PadLeft
                    + (tap % shape.KernelWidth);
                int row = (pixel / shape.OutWidth % shape.OutHeight * shape.Stride)
                    - shape.PadTop + (tap / shape.KernelWidth);
                if (row < 0 || row >= shape.Height || column < 0 || column >= shape.Width)
                {
                    continue;
                }

                int image = pixel / (shape.OutWidth * shape.OutHeight);
                int at = (((((image * shape.Height) + row) * shape.Width) + column)
                    * shape.Channels) + channel;
                int weight = (tap * shape.Channels) + channel;
                _ = pass switch
                {
                    DepthwisePass.Forward => result[place] += (double)left[at] * right[weight],
                    DepthwisePass.InputGradient =>
                        result[at] += (double)left[place] * right[weight],
                    _ => result[weight] += (double)left[at] * right[place],
                };
            }
        }
    }

    /// <summary>The output; the bias is added if there is one.</summary>
    public static void Forward(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> output,
        VectorWidth width) =>
        Run(shape, DepthwisePass.Forward, input, weights, bias, output, width);

    /// <summary>The gradient with respect to the input.</summary>
    public static void InputGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> weights,
        Span<float> inputGradient,
        VectorWidth width)
    {
        inputGradient.Clear();
        Run(
            shape,
            DepthwisePass.InputGradient,
            inputGradient,
            weights,
            outputGradient,
            inputGradient,
            width);
    }

    /// <summary>Adds the gradient with respect to the weights.</summary>
    public static void AddWeightGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> weightGradient,
        VectorWidth width) =>
        Run(
            shape,
            DepthwisePass.WeightGradient,
            input,
            weightGradient,
            outputGradient,
            weightGradient,
            width);

    private static void Run(
        ConvolutionShape shape,
        DepthwisePass pass,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> third,
        Span<float> result,
        VectorWidth width)
    {
        int taps = shape.KernelHeight * shape.KernelWidth;
        int outLength = shape.Count * shape.OutImageLength;
        if (shape.Channels != shape.OutChannels
            || input.Length != shape.Count * shape.ImageLength
            || weights.Length != taps * shape.Channels
            || (pass == DepthwisePass.Forward
                ? result.Length != outLength
                    || (!third.IsEmpty && third.Length != shape.Channels)
                : third.Length != outLength))
        {
            throw new ArgumentException("The arrays of a convolution do not fit its shape.");
        }

        var action = new DepthwiseAction(shape, pass, input, weights, third, result);
        FloatDispatch.Run(width, ref action);
    }
}
