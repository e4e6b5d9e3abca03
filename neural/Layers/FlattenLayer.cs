namespace NeuroDb.Neural;

/// <summary>All numbers of an example in one row, as they lie.</summary>
internal sealed class FlattenLayer(TensorShape input)
    : Layer(input, TensorShape.Flat(input.Length))
{
    /// <inheritdoc/>
    public override string Text => "flatten";

    /// <inheritdoc/>
    public override bool IsView => true;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        // The memory is the same.
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        // The memory is the same.
    }
}
