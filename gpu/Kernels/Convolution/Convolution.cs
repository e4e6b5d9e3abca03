namespace NeuroDb.Gpu;

/// <summary>
/// Convolution of images whose channels lie side by side, and its gradients, without copies of
/// patches: a tile of six pixels and up to 64 output channels stays in registers while the kernel
/// passes by. Definition: <see cref="ScalarConvolution"/>. Single precision, one thread.
/// </summary>
/// <remarks>
/// The channels of neighbouring pixels follow each other, so one row of the kernel is one stretch
/// of memory (Georganas et al., "Anatomy of High-Performance Deep Learning Convolutions on SIMD
/// Architectures", SC 2018, section II, for another order of channels). Zeros around an image are
/// written into a copy of it, one image at a time. Images of one channel that become few are for
/// <see cref="PlaneConvolutionAction"/>. Fewer multiplications, where they apply, are in
/// <see cref="WinogradConvolution"/>.
/// </remarks>
internal static class Convolution
{
    /// <summary>The output, with bias and rectifier applied in registers.</summary>
    public static void Forward(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weights,
        Span<float> output,
        ProductEpilogue epilogue = default) =>
        Forward(shape, input, weights, output, epilogue, VectorWidths.Widest);

    /// <summary>The output, with registers of a width.</summary>
    public static void Forward(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weights,
        Span<float> output,
        ProductEpilogue epilogue,
        VectorWidth width)
    {
        Check(shape, input.Length, weights.Length, output.Length);
        if (!epilogue.IsAdded && PlaneConvolutionAction.Applies(shape, width))
        {
            var planes = new PlaneConvolutionAction(shape, input, weights, output, epilogue);
            FloatDispatch.Run(width, ref planes);
            return;
        }

        var action = new ConvolutionAction(shape, 1, input, weights, output, epilogue);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>The gradient with respect to the input.</summary>
    public static void InputGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> weights,
        Span<float> inputGradient) =>
        InputGradient(shape, outputGradient, weights, inputGradient, VectorWidths.Widest);

    /// <summary>The gradient with respect to the input, with registers of a width.</summary>
    /// <remarks>
    /// A convolution of the output gradient, spread by the stride, with the weights turned by half
    /// a circle, in and out exchanged.
    /// </remarks>
    public static void InputGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> weights,
        Span<float> inputGradient,
        VectorWidth width)
    {
        Check(shape, inputGradient.Length, weights.Length, outputGradient.Length);
        Span<float> turned = ConvolutionScratch.Turned(shape, weights);
        var action = new ConvolutionAction(
            shape.Backward(), shape.Stride, outputGradient, turned, inputGradient, default);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>Adds the gradient with respect to the weights.</summary>
    public static void AddWeightGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> weightGradient) =>
        AddWeightGradient(
            shape, input, outputGradient, weightGradient, VectorWidths.Widest);

    /// <summary>Adds the gradient with respect to the weights, registers of a width.</summary>
    public static void AddWeightGradient(
        ConvolutionShape shape,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> weightGradient,
        VectorWidth width)
    {
        Check(shape, input.Length, weightGradient.Length, outputGradient.Length);
        var action = new WeightGradientAction(shape, input, outputGradient, weightGradient);
        FloatDispatch.Run(width, ref action);
    }

    private static void Check(ConvolutionShape shape, int input, int weights, int output)
    {
        if (input != shape.Count * shape.ImageLength || weights != shape.WeightLength
            || output != shape.Count * shape.OutImageLength)
        {
            throw new ArgumentException(
                $"A convolution of {shape.Count} images of ({shape.Height}, {shape.Width}, "
                + $"{shape.Channels}) into ({shape.OutHeight}, {shape.OutWidth}, "
                + $"{shape.OutChannels}) does not fit {input}, {weights} and {output} numbers.");
        }
    }
}
