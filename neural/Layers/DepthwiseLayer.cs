using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// A convolution of every channel by itself, with bias; weights (h, w, channels).
/// </summary>
internal sealed class DepthwiseLayer : Layer
{
    private readonly ConvolutionShape _shape;
    private readonly bool _isSame;
    private readonly int _weightLength;

    /// <summary>A layer of a shape with as many channels out as in.</summary>
    public DepthwiseLayer(TensorShape input, ConvolutionShape shape, bool isSame)
        : base(input, new TensorShape(shape.OutHeight, shape.OutWidth, shape.OutChannels))
    {
        _shape = shape;
        _isSame = isSame;
        int taps = shape.KernelHeight * shape.KernelWidth;
        _weightLength = taps * shape.Channels;
        Parameters =
        [
            new(
                "weights",
                ParameterRole.Weights,
                [shape.KernelHeight, shape.KernelWidth, shape.Channels],
                taps,
                taps),
            new("bias", ParameterRole.Bias, [shape.Channels]),
        ];
    }

    /// <summary>The sizes, for one example.</summary>
    public ConvolutionShape Shape => _shape;

    /// <inheritdoc/>
    public override string Text => $"depthwise({LayerNames.KernelOf(_shape, _isSame)})";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override long MultiplyAdds => (long)Output.Places * _weightLength;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => DepthwiseConvolution.Forward(
        _shape.Of(pass.Count),
        pass.Input,
        pass.Weights[.._weightLength],
        pass.Weights[_weightLength..],
        pass.Output,
        VectorWidths.Widest);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        ConvolutionShape shape = _shape.Of(pass.Count);
        VectorWidth width = VectorWidths.Widest;
        Activation.AddColumnSums(pass.OutputGradient, pass.Gradients[_weightLength..], width);
        DepthwiseConvolution.AddWeightGradient(
            shape, pass.Input, pass.OutputGradient, pass.Gradients[.._weightLength], width);
        if (!pass.InputGradient.IsEmpty)
        {
            DepthwiseConvolution.InputGradient(
                shape,
                pass.OutputGradient,
                pass.Weights[.._weightLength],
                pass.InputGradient,
                width);
        }
    }
}
