using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// What layers share that go through a sequence with a state: the shapes, where weights, gates and
/// states lie, and the products of the whole sequence with the weights of the input.
/// </summary>
/// <remarks>
/// Parameters begin with W (in, gates units) and U (units, gates units). For an example and a step
/// <c>keptParts</c> times units values are kept for the way back, of which the last are the state.
/// </remarks>
internal abstract class RecurrentLayer : Layer
{
    private readonly string _name;
    private readonly int _keptParts;

    /// <summary>A layer of so many units, of which each has so many gates.</summary>
    protected RecurrentLayer(
        string name, TensorShape input, int units, bool givesSequence, int gates, int keptParts)
        : base(
            input,
            givesSequence
                ? new TensorShape(1, input.Places, units) : TensorShape.Flat(units))
    {
        _name = name;
        _keptParts = keptParts;
        Steps = input.Places;
        Inner = input.Channels;
        Units = units;
        Wide = gates * units;
        GivesSequence = givesSequence;
    }

    /// <summary>Whether all states come out, not only the last.</summary>
    public bool GivesSequence { get; }

    /// <inheritdoc/>
    public override string Text =>
        $"{_name}({LayerNames.Number(Units)}{(GivesSequence ? ", sequence" : "")})";

    /// <inheritdoc/>
    public override int KeptLength => _keptParts * Steps * Units;

    /// <inheritdoc/>
    public override long MultiplyAdds => (long)Wide * Steps * (Inner + Units);

    /// <summary>Values of the sequence.</summary>
    protected int Steps { get; }

    /// <summary>Numbers of one value of the sequence.</summary>
    protected int Inner { get; }

    /// <summary>Numbers of the state.</summary>
    protected int Units { get; }

    /// <summary>Numbers of all gates of a step.</summary>
    protected int Wide { get; }

    /// <summary>Weights of the input, which come first.</summary>
    protected int MatrixLength => Inner * Wide;

    /// <summary>The weights U (units, gates units).</summary>
    protected ReadOnlySpan<float> Recurrent(ReadOnlySpan<float> weights) =>
        weights.Slice(MatrixLength, Units * Wide);

    /// <summary>What is kept of an example and a step.</summary>
    protected Span<float> KeptOf(Span<float> kept, int example, int step) =>
        kept.Slice(((example * Steps) + step) * _keptParts * Units, _keptParts * Units);

    /// <summary>The gates (gates units) of an example and a step of the whole sequence.</summary>
    protected Span<float> GatesOf(Span<float> all, int example, int step) =>
        all.Slice(((example * Steps) + step) * Wide, Wide);

    /// <summary>x W + bias of the whole sequence.</summary>
    protected void AddInput(in LayerPass pass, ReadOnlySpan<float> bias, Span<float> gates) =>
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.Plain, pass.Count * Steps, Wide, Inner),
            pass.Input,
            pass.Weights[..MatrixLength],
            gates,
            new ProductEpilogue { Bias = bias });

    /// <summary>Writes a state out, where states of this step come out.</summary>
    protected void Give(in LayerPass pass, int example, int step, ReadOnlySpan<float> state)
    {
        if (GivesSequence || step == Steps - 1)
        {
            state.CopyTo(pass.Output[(Place(example, step) * Units)..]);
        }
    }

    /// <summary>Adds the gradient of what came out at a step.</summary>
    protected void AddGiven(in LayerPass pass, int example, int step, Span<float> change)
    {
        if (GivesSequence || step == Steps - 1)
        {
            VectorArithmetic.Add(
                pass.OutputGradient.Slice(Place(example, step) * Units, Units), change);
        }
    }

    /// <summary>
    /// The gradients of what the whole sequence goes through at once: the bias, W and the input.
    /// </summary>
    protected void FinishInput(
        in LayerPass pass, Span<float> all, Span<float> biasGradient)
    {
        Activation.AddColumnSums(all, biasGradient, VectorWidths.Widest);
        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedA, Inner, Wide, pass.Count * Steps),
            pass.Input,
            all,
            pass.Gradients[..MatrixLength],
            new ProductEpilogue { IsAdded = true });
        if (!pass.InputGradient.IsEmpty)
        {
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, pass.Count * Steps, Inner, Wide),
                all,
                pass.Weights[..MatrixLength],
                pass.InputGradient);
        }
    }

    private int Place(int example, int step) =>
        GivesSequence ? (example * Steps) + step : example;
}
