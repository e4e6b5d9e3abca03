namespace NeuroDb.Gpu;

/// <summary>
/// <see cref="Convolution"/> with fewer multiplications, for kernels of three by three, or of
/// three in a row, that move by one pixel: F(2 x 2, 3 x 3) and F(2, 3) of Lavin and Gray, "Fast
/// Algorithms for Convolutional Neural Networks", CVPR 2016, section 4. Single precision, one
/// thread.
/// </summary>
/// <remarks>
/// A tile of 4 x 4 pixels gives 2 x 2 of the output by 16 products for each pair of channels, not
/// 36. Its transforms only add, subtract and halve, so sums are as accurate as those of plain
/// single precision; larger tiles would not be. NaN and infinity of a pixel reach all four numbers
/// of its tiles. A device runs the plain form.
/// </remarks>
internal static class WinogradConvolution
{
    /// <summary>
    /// Channels in and out from which the transforms cost less than they save; registers of every
    /// width have no more lanes.
    /// </summary>
    public const int ChannelsMin = 16;

    /// <summary>Whether a convolution is of the kind that is computed so, and gains.</summary>
    public static bool Applies(in ConvolutionShape shape) =>
        shape.Stride == 1 && shape.KernelWidth == 3 && shape.OutWidth > 1
        && (shape.KernelHeight == 1 || (shape.KernelHeight == 3 && shape.OutHeight > 1))
        && shape.Channels >= ChannelsMin && shape.OutChannels >= ChannelsMin;

    /// <summary>Numbers of the transformed weights.</summary>
    public static int WeightLength(in ConvolutionShape shape) =>
        checked(PointsOf(shape) * shape.Channels * PaddedOut(shape));

    /// <summary>
    /// Fills the transformed weights (points, channels, padded out channels) from weights as in
    /// <see cref="ConvolutionShape"/>.
    /// </summary>
    public static void TransformWeights(
        ConvolutionShape shape,
        ReadOnlySpan<float> weights,
        Span<float> transformed,
        VectorWidth width)
    {
        Check(
            shape,
            weights.Length == shape.WeightLength && transformed.Length == WeightLength(shape));
        var action = new WinogradWeightAction(shape, weights, transformed);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>The output, with bias and rectifier, from transformed weights.</summary>
    public static void Forward(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> transformed,
        Span<float> output,
        ReadOnlySpan<float> bias,
        bool isRectified,
        VectorWidth width)
    {
        Check(
            shape,
            input.Length == shape.Count * shape.ImageLength
            && transformed.Length == WeightLength(shape)
            && output.Length == shape.Count * shape.OutImageLength
            && (bias.IsEmpty || bias.Length == shape.OutChannels));
        var action = new WinogradAction(shape, input, transformed, output, bias, isRectified);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>The output from weights that are transformed on the way.</summary>
    public static void ForwardPlain(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weights,
        Span<float> output,
        ReadOnlySpan<float> bias,
        bool isRectified,
        VectorWidth width)
    {
        Span<float> transformed = ConvolutionScratch.Transformed(WeightLength(shape));
        TransformWeights(shape, weights, transformed, width);
        Forward(shape, input, transformed, output, bias, isRectified, width);
    }

    /// <summary>The gradient with respect to the input, itself such a convolution.</summary>
    public static void InputGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> weights,
        Span<float> inputGradient,
        VectorWidth width) =>
        Forward(
            shape.Backward(),
            outputGradient,
            TurnedWeights(shape, weights, width),
            inputGradient,
            default,
            isRectified: false,
            width);

    /// <summary>
    /// The transformed weights of <see cref="ConvolutionShape.Backward"/>, until this thread asks
    /// for others.
    /// </summary>
    public static ReadOnlySpan<float> TurnedWeights(
        ConvolutionShape shape, ReadOnlySpan<float> weights, VectorWidth width)
    {
        ConvolutionShape backward = shape.Backward();
        Span<float> transformed = ConvolutionScratch.Transformed(WeightLength(backward));
        TransformWeights(
            backward, ConvolutionScratch.Turned(shape, weights), transformed, width);
        return transformed;
    }

    /// <summary>Products of a tile for each pair of channels.</summary>
    internal static int PointsOf(in ConvolutionShape shape) => shape.KernelHeight == 1 ? 4 : 16;

    /// <summary>Channels of a product: whole registers of every width.</summary>
    internal static int PaddedOut(in ConvolutionShape shape) =>
        (shape.OutChannels + ChannelsMin - 1) / ChannelsMin * ChannelsMin;

    private static void Check(in ConvolutionShape shape, bool isFitting)
    {
        if (!Applies(shape) || !isFitting)
        {
            throw new ArgumentException("The arrays of a convolution do not fit its shape.");
        }
    }
}
