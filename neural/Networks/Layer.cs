namespace NeuroDb.Neural;

/// <summary>
/// A function of a batch of examples with parameters, and its gradient. A layer is immutable and
/// has no memory: parameters, activations and what a pass keeps for its way back are handed in, so
/// any number of threads may run it.
/// </summary>
internal abstract class Layer
{
    /// <summary>A layer between two shapes.</summary>
    protected Layer(TensorShape input, TensorShape output)
    {
        Input = input;
        Output = output;
    }

    /// <summary>The shape of an example that goes in.</summary>
    public TensorShape Input { get; }

    /// <summary>The shape of an example that comes out.</summary>
    public TensorShape Output { get; }

    /// <summary>How the layer is written in a list of layers.</summary>
    public abstract string Text { get; }

    /// <summary>The parameters in their order.</summary>
    public virtual IReadOnlyList<ParameterSpec> Parameters => [];

    /// <summary>Floats for each example that the way forward keeps for the way back.</summary>
    public virtual int KeptLength => 0;

    /// <summary>Bytes for each example that the way forward keeps for the way back.</summary>
    public virtual int KeptByteLength => 0;

    /// <summary>Whether the output is the input, seen with another shape.</summary>
    public virtual bool IsView => false;

    /// <summary>Whether two inputs go in, both of the shape <see cref="Input"/>.</summary>
    public virtual bool HasTwoInputs => false;

    /// <summary>Multiply-adds for one example.</summary>
    public virtual long MultiplyAdds => 0;

    /// <summary>Fills <see cref="LayerPass.Output"/>.</summary>
    public abstract void Forward(in LayerPass pass);

    /// <summary>
    /// Fills <see cref="LayerPass.InputGradient"/> unless it is empty, and adds to
    /// <see cref="LayerPass.Gradients"/>. The output gradient may be overwritten.
    /// </summary>
    public abstract void Backward(in LayerPass pass);
}
