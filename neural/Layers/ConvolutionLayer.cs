using System.Globalization;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// A convolution with bias, and with a rectifier in the same pass if asked for; weights (height,
/// width, in, out).
/// </summary>
internal sealed class ConvolutionLayer : Layer
{
    private readonly ConvolutionShape _shape;
    private readonly bool _isSame;

    /// <summary>A layer of a shape.</summary>
    public ConvolutionLayer(
        TensorShape input, ConvolutionShape shape, bool isSame, bool isRectified)
        : base(input, new TensorShape(shape.OutHeight, shape.OutWidth, shape.OutChannels))
    {
        _shape = shape;
        _isSame = isSame;
        IsRectified = isRectified;
        int taps = shape.KernelHeight * shape.KernelWidth;
        Parameters =
        [
            new(
                "weights",
                ParameterRole.Weights,
                [shape.KernelHeight, shape.KernelWidth, shape.Channels, shape.OutChannels],
                shape.KernelLength,
                taps * shape.OutChannels),
            new("bias", ParameterRole.Bias, [shape.OutChannels]),
        ];
    }

    /// <summary>Whether negative outputs become zero.</summary>
    public bool IsRectified { get; }

    /// <summary>The sizes, for one example.</summary>
    public ConvolutionShape Shape => _shape;

    /// <inheritdoc/>
    public override string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"conv({_shape.OutChannels}, {LayerNames.KernelOf(_shape, _isSame)}"
        + $"{(IsRectified ? ", relu" : "")})");

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override long MultiplyAdds =>
        (long)_shape.OutHeight * _shape.OutWidth * _shape.WeightLength;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        ReadOnlySpan<float> weights = pass.Weights[.._shape.WeightLength];
        ReadOnlySpan<float> bias = pass.Weights[_shape.WeightLength..];
        if (WinogradConvolution.Applies(_shape))
        {
            WinogradConvolution.ForwardPlain(
                _shape.Of(pass.Count),
                pass.Input,
                weights,
                pass.Output,
                bias,
                IsRectified,
                VectorWidths.Widest);
            return;
        }

        var epilogue = new ProductEpilogue { Bias = bias, IsRectified = IsRectified };
        Convolution.Forward(
            _shape.Of(pass.Count), pass.Input, weights, pass.Output, epilogue);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        Span<float> bias = pass.Gradients[_shape.WeightLength..];
        if (IsRectified)
        {
            Activation.RectifierBackward(
                pass.Output, pass.OutputGradient, bias, VectorWidths.Widest);
        }
        else
        {
            Activation.AddColumnSums(pass.OutputGradient, bias, VectorWidths.Widest);
        }

        ConvolutionShape shape = _shape.Of(pass.Count);
        Convolution.AddWeightGradient(
            shape, pass.Input, pass.OutputGradient, pass.Gradients[.._shape.WeightLength]);
        if (pass.InputGradient.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<float> weights = pass.Weights[.._shape.WeightLength];
        if (WinogradConvolution.Applies(_shape) && WinogradConvolution.Applies(_shape.Backward()))
        {
            WinogradConvolution.InputGradient(
                shape,
                pass.OutputGradient,
                weights,
                pass.InputGradient,
                VectorWidths.Widest);
        }
        else
        {
            Convolution.InputGradient(
                shape, pass.OutputGradient, weights, pass.InputGradient);
        }
    }
}
