using System.Globalization;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// A convolution with bias, and with a rectifier in the same pass if asked for; weights (height,
/// width, in, out).
/// </summary>
internal sealed class ConvolutionLayer : Layer
{
    private const int CacheFloats = 128 * 1024;

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
    /// <remarks>
    /// A few examples at a time: their gradients stay in the second cache for all three passes.
    /// </remarks>
    public override void Backward(in LayerPass pass)
    {
        ReadOnlySpan<float> weights = pass.Weights[.._shape.WeightLength];
        bool isNeeded = !pass.InputGradient.IsEmpty;
        bool isTransformed = isNeeded && WinogradConvolution.Applies(_shape)
            && WinogradConvolution.Applies(_shape.Backward());
        ReadOnlySpan<float> turned = isTransformed
            ? WinogradConvolution.TurnedWeights(_shape, weights, VectorWidths.Widest) : default;
        int inner = Input.Length;
        int outer = Output.Length;
        int rowsMax = Math.Max(1, CacheFloats / (inner + outer));
        for (int at = 0; at < pass.Count; at += rowsMax)
        {
            int rows = Math.Min(rowsMax, pass.Count - at);
            ConvolutionShape shape = _shape.Of(rows);
            Span<float> dy = pass.OutputGradient.Slice(at * outer, rows * outer);
            AddBiasGradient(pass, pass.Output.Slice(at * outer, rows * outer), dy);
            Convolution.AddWeightGradient(
                shape,
                pass.Input.Slice(at * inner, rows * inner),
                dy,
                pass.Gradients[.._shape.WeightLength]);
            Span<float> dx = isNeeded
                ? pass.InputGradient.Slice(at * inner, rows * inner) : default;
            if (isTransformed)
            {
                WinogradConvolution.Forward(
                    shape.Backward(), dy, turned, dx, default, false, VectorWidths.Widest);
            }
            else if (isNeeded)
            {
                Convolution.InputGradient(shape, dy, weights, dx);
            }
        }
    }

    private void AddBiasGradient(in LayerPass pass, ReadOnlySpan<float> y, Span<float> dy)
    {
        Span<float> bias = pass.Gradients[_shape.WeightLength..];
        if (IsRectified)
        {
            Activation.RectifierBackward(y, dy, bias, VectorWidths.Widest);
        }
        else
        {
            Activation.AddColumnSums(dy, bias, VectorWidths.Widest);
        }
    }
}
