using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// A convolution whose weights are transformed already, for predictions only:
/// <see cref="WinogradConvolution"/>.
/// </summary>
internal sealed class PreparedConvolutionLayer : Layer
{
    private readonly ConvolutionShape _shape;
    private readonly int _weightLength;
    private readonly bool _isRectified;

    /// <summary>The layer that gives what another one gives.</summary>
    public PreparedConvolutionLayer(ConvolutionLayer source)
        : base(source.Input, source.Output)
    {
        _shape = source.Shape;
        _weightLength = WinogradConvolution.WeightLength(_shape);
        _isRectified = source.IsRectified;
        Text = source.Text;
        MultiplyAdds = source.MultiplyAdds;
        Parameters =
        [
            new("weights", ParameterRole.Weights, [_weightLength]),
            new("bias", ParameterRole.Bias, [_shape.OutChannels]),
        ];
    }

    /// <inheritdoc/>
    public override string Text { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override long MultiplyAdds { get; }

    /// <summary>The parameters of this layer from those of the one that it replaces.</summary>
    public float[] Prepare(ReadOnlySpan<float> parameters)
    {
        var prepared = new float[_weightLength + _shape.OutChannels];
        WinogradConvolution.TransformWeights(
            _shape,
            parameters[.._shape.WeightLength],
            prepared.AsSpan(0, _weightLength),
            VectorWidths.Widest);
        parameters[_shape.WeightLength..].CopyTo(prepared.AsSpan(_weightLength));
        return prepared;
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => WinogradConvolution.Forward(
        _shape.Of(pass.Count),
        pass.Input,
        pass.Weights[.._weightLength],
        pass.Output,
        pass.Weights[_weightLength..],
        _isRectified,
        VectorWidths.Widest);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass) =>
        Invariant.Check(false, "a prepared layer has no way back");
}
