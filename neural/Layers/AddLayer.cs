namespace NeuroDb.Neural;

/// <summary>The sum of two inputs: the way around a residual block.</summary>
internal sealed class AddLayer(TensorShape input) : Layer(input, input)
{
    /// <inheritdoc/>
    public override string Text => "add";

    /// <inheritdoc/>
    public override bool HasTwoInputs => true;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        pass.Input.CopyTo(pass.Output);
        VectorArithmetic.Add(pass.SecondInput, pass.Output);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty)
        {
            pass.OutputGradient.CopyTo(pass.InputGradient);
        }
    }
}
