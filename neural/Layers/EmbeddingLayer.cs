namespace NeuroDb.Neural;

/// <summary>
/// A row of a table for each whole number of the input, which counts from 0; anything that is not
/// the number of a row gives row 0.
/// </summary>
internal sealed class EmbeddingLayer : Layer
{
    private readonly int _rows;
    private readonly int _dimension;

    /// <summary>A table of so many rows.</summary>
    public EmbeddingLayer(TensorShape input, int rows, int dimension)
        : base(input, new TensorShape(1, input.Length, dimension))
    {
        _rows = rows;
        _dimension = dimension;
        Parameters = [new("rows", ParameterRole.Weights, [rows, dimension], dimension, dimension)];
    }

    /// <summary>How many rows the table has.</summary>
    public int RowCount => _rows;

    /// <inheritdoc/>
    public override string Text =>
        $"embedding({LayerNames.Number(_rows)}, {LayerNames.Number(_dimension)})";

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        for (int i = 0; i < pass.Input.Length; i++)
        {
            pass.Weights.Slice(RowOf(pass.Input[i]) * _dimension, _dimension)
                .CopyTo(pass.Output[(i * _dimension)..]);
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        for (int i = 0; i < pass.Input.Length; i++)
        {
            VectorArithmetic.Add(
                pass.OutputGradient.Slice(i * _dimension, _dimension),
                pass.Gradients.Slice(RowOf(pass.Input[i]) * _dimension, _dimension));
        }

        pass.InputGradient.Clear();
    }

    private int RowOf(float number) =>
        number >= 0 && number < _rows ? (int)number : 0;
}
