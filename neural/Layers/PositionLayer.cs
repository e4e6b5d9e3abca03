namespace NeuroDb.Neural;

/// <summary>Adds a learned vector to every place of a sequence.</summary>
internal sealed class PositionLayer : Layer
{
    /// <summary>A layer over all places.</summary>
    public PositionLayer(TensorShape input)
        : base(input, input) => Parameters =
            [new("rows", ParameterRole.Bias, [input.Places, input.Channels])];

    /// <inheritdoc/>
    public override string Text => "position";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        pass.Input.CopyTo(pass.Output);
        for (int i = 0; i < pass.Count; i++)
        {
            VectorArithmetic.Add(pass.Weights, pass.Output.Slice(i * Input.Length, Input.Length));
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        for (int i = 0; i < pass.Count; i++)
        {
            VectorArithmetic.Add(
                pass.OutputGradient.Slice(i * Input.Length, Input.Length), pass.Gradients);
        }

        if (!pass.InputGradient.IsEmpty)
        {
            pass.OutputGradient.CopyTo(pass.InputGradient);
        }
    }
}
