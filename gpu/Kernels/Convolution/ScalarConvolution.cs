namespace NeuroDb.Gpu;

/// <summary>The definition of convolutions and their gradients, in double precision.</summary>
/// <remarks>
/// y[n, r, q, o] = sum over i, j, c of x[n, r * stride + i - top, q * stride + j - left, c]
/// * w[i, j, c, o], where pixels outside the image are zero. The gradients are the derivatives of
/// sum(y * dy).
/// </remarks>
internal static class ScalarConvolution
{
    /// <summary>The output. Shapes: <see cref="ConvolutionShape"/>.</summary>
    public static void Forward(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weights,
        Span<double> output)
    {
        foreach ((int o, int i, int w) in Terms(shape))
        {
            for (int c = 0; c < shape.OutChannels; c++)
            {
                output[o + c] += (double)input[i] * weights[(w * shape.OutChannels) + c];
            }
        }
    }

    /// <summary>The gradient with respect to the input.</summary>
    public static void InputGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> weights,
        Span<double> inputGradient)
    {
        foreach ((int o, int i, int w) in Terms(shape))
        {
            for (int c = 0; c < shape.OutChannels; c++)
            {
                inputGradient[i] +=
                    (double)outputGradient[o + c] * weights[(w * shape.OutChannels) + c];
            }
        }
    }

    /// <summary>The gradient with respect to the weights.</summary>
    public static void WeightGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<double> weightGradient)
    {
        foreach ((int o, int i, int w) in Terms(shape))
        {
            for (int c = 0; c < shape.OutChannels; c++)
            {
                weightGradient[(w * shape.OutChannels) + c] +=
                    (double)outputGradient[o + c] * input[i];
            }
        }
    }

    /// <summary>
    /// For every term: the first number of the output pixel, the number of the input, the row of
    /// the weights.
    /// </summary>
    private static IEnumerable<(int Output, int Input, int Weight)> Terms(ConvolutionShape shape)
    {
        int places = shape.OutHeight * shape.OutWidth;
        for (int place = 0; place < shape.Count * places; place++)
        {
            int image = place / places;
            int top = (place % places / shape.OutWidth * shape.Stride) - shape.PadTop;
            int left = (place % shape.OutWidth * shape.Stride) - shape.PadLeft;
            for (int w = 0; w < shape.KernelLength; w++)
            {
                int row = top + (w / (shape.KernelWidth * shape.Channels));
                int column = left + (w / shape.Channels % shape.KernelWidth);
                if (row >= 0 && row < shape.Height && column >= 0 && column < shape.Width)
                {
                    int pixel = (((image * shape.Height) + row) * shape.Width) + column;
                    yield return (
                        place * shape.OutChannels,
                        (pixel * shape.Channels) + (w % shape.Channels),
                        w);
                }
            }
        }
    }
}
