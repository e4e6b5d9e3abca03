namespace NeuroDb.Neural;

/// <summary>
/// The first part of a network that was trained for the sake of what it gives in its middle. The
/// rest, which training needed, stays with it, so that it can be judged and trained further.
/// </summary>
internal sealed class EncoderModel : Model
{
    /// <summary>The kind of a model file.</summary>
    public const string EncoderKind = "encoder";

    // A word of its own between the layers of the architecture.
    private const string Border = " | ";

    private readonly NetworkModel _encoder;

    /// <summary>A model of the layers of both parts, with parameters of the whole.</summary>
    /// <param name="input">The shape of an example.</param>
    /// <param name="encoder">The layers that give the vector.</param>
    /// <param name="rest">The layers behind it.</param>
    /// <param name="weights">The parameters of the whole.</param>
    /// <param name="loss">What the whole was trained on.</param>
    public EncoderModel(
        TensorShape input,
        string encoder,
        string rest,
        ReadOnlyMemory<float> weights,
        LossKind loss)
    {
        Architecture = encoder + Border + rest;
        Network whole = NetworkBuilder.Build(input, $"{encoder}, {rest}");
        Network first = NetworkBuilder.Build(input, encoder);
        if (weights.Length != whole.ParameterLength || !IsBeginning(first, whole)
            || first.Output.Length is 0 or > Limits.VectorDimensionMax)
        {
            throw NeuralErrors.MalformedModel("the layers of an encoder do not fit");
        }

        Whole = new NetworkModel(whole, weights, loss, ModelTask.Embedder);
        _encoder = new NetworkModel(
            first,
            weights[..first.ParameterLength],
            LossKind.MeanSquared,
            ModelTask.Embedder);
    }

    /// <summary>Both parts.</summary>
    public NetworkModel Whole { get; }

    /// <summary>The part that gives the vectors.</summary>
    public NetworkModel Encoder => _encoder;

    /// <inheritdoc/>
    public override string Kind => EncoderKind;

    /// <inheritdoc/>
    public override string Architecture { get; }

    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Embedder;

    /// <inheritdoc/>
    public override int FeatureCount => Whole.FeatureCount;

    /// <inheritdoc/>
    public override int OutputCount => _encoder.OutputCount;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => Whole.Tensors;

    /// <inheritdoc/>
    public override long FlopPerRow => _encoder.FlopPerRow;

    /// <summary>The two lists of layers of an architecture.</summary>
    public static (string Encoder, string Head) Split(string architecture)
    {
        string[] parts = architecture.Split(Border);
        return parts.Length == 2
            ? (parts[0], parts[1])
            : throw NeuralErrors.MalformedModel("an encoder has two parts");
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs) =>
        _encoder.Predict(features, count, outputs);

    private static bool IsBeginning(Network first, Network whole)
    {
        for (int i = 0; i < first.Nodes.Count; i++)
        {
            if (first.Nodes[i].Layer.Text != whole.Nodes[i].Layer.Text)
            {
                return false;
            }
        }

        return true;
    }
}
