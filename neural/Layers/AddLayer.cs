namespace NeuroDb.Neural;

/// <summary>The sum of two inputs: the way around a residual block.</summary>
internal sealed class AddLayer(TensorShape input, bool isRectified = false) : Layer(input, input)
{
    /// <summary>Whether negative sums become zero; for predictions only.</summary>
    public bool IsRectified => isRectified;

    /// <inheritdoc/>
    public override string Text => "add";

    /// <inheritdoc/>
    public override bool HasTwoInputs => true;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        if (isRectified)
        {
            VectorArithmetic.AddRectified(pass.Input, pass.SecondInput, pass.Output);
            return;
        }

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
