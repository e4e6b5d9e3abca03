using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>Every place normalised over its channels, with gain and bias.</summary>
internal sealed class NormalizationLayer : Layer
{
    /// <summary>A layer over the last axis.</summary>
    public NormalizationLayer(TensorShape input)
        : base(input, input) => Parameters =
        [
            new("gain", ParameterRole.Gain, [input.Channels]),
            new("bias", ParameterRole.Bias, [input.Channels]),
        ];

    /// <inheritdoc/>
    public override string Text => "layer_norm";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override int KeptLength => 2 * Input.Places;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) => LayerNormalization.Forward(
        pass.Input,
        pass.Weights[..Input.Channels],
        pass.Weights[Input.Channels..],
        pass.Output,
        pass.Kept[..(2 * pass.Count * Input.Places)],
        VectorWidths.Widest);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        float[] unused = pass.InputGradient.IsEmpty ? new float[pass.Input.Length] : [];
        LayerNormalization.Backward(
            pass.Input,
            pass.Weights[..Input.Channels],
            pass.OutputGradient,
            pass.Kept[..(2 * pass.Count * Input.Places)],
            pass.InputGradient.IsEmpty ? unused : pass.InputGradient,
            pass.Gradients[..Input.Channels],
            pass.Gradients[Input.Channels..],
            VectorWidths.Widest);
    }
}
