using System.Collections.Concurrent;

namespace NeuroDb.Neural;

/// <summary>A trained network. Each thread takes memory for its run from a small store.</summary>
internal sealed class NetworkModel(
    Network network, ReadOnlyMemory<float> weights, LossKind loss, ModelTask task) : Model
{
    private readonly ConcurrentBag<Predictor> _predictors = [];
    private readonly Memory<float> _weights = Gpu.AlignedMemory.Copy(weights.Span);
    private readonly Lazy<(Network Network, ReadOnlyMemory<float> Weights)> _inference =
        new(() => InferenceNetwork.Of(network, weights));

    /// <summary>The layers.</summary>
    public Network Network => network;

    /// <summary>The parameters, of the network's length.</summary>
    public ReadOnlyMemory<float> Weights => _weights;

    /// <summary>What it was trained on, which says what outputs are shown as.</summary>
    public LossKind Loss => loss;

    /// <summary>The layers that predict, without those that only training needs.</summary>
    public (Network Network, ReadOnlyMemory<float> Weights) Inference => _inference.Value;

    /// <inheritdoc/>
    public override string Kind => "network";

    /// <inheritdoc/>
    public override string Architecture => network.Text;

    /// <inheritdoc/>
    public override ModelTask Task => task;

    /// <inheritdoc/>
    public override int FeatureCount => network.Input.Length;

    /// <inheritdoc/>
    public override int OutputCount => network.Output.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Tensors => network.TensorsOf(_weights);

    /// <inheritdoc/>
    public override long FlopPerRow => network.FlopPerRow;

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        if (!_predictors.TryTake(out Predictor? predictor))
        {
            (Network fewer, ReadOnlyMemory<float> own) = _inference.Value;
            predictor = new Predictor(fewer, own, Neural.Loss.Create(loss));
        }

        predictor.Run(features, count, outputs);
        _predictors.Add(predictor);
    }

    /// <summary>
    /// The gradient of one output before its softmax with respect to the features of a row.
    /// </summary>
    public float[] InputGradient(ReadOnlyMemory<float> features, int output)
    {
        var run = new NetworkRun(network, 1, isTraining: true, needsInputGradient: true);
        run.Forward(features, 1, _weights.Span);
        run.OutputGradient.Clear();
        run.OutputGradient[output] = 1;
        run.Backward(_weights.Span, new float[network.ParameterLength]);
        return run.InputGradient.ToArray();
    }
}
