using System.Collections.Concurrent;

namespace NeuroDb.Neural;

/// <summary>
/// A network with convolutions, dense layers of sequences and the like whose large layers run on
/// bytes (<see cref="ByteLayer"/>). Each thread takes memory for its run from a small store.
/// </summary>
internal sealed class NetworkOnBytes
{
    private readonly Network _network;
    private readonly ReadOnlyMemory<float> _weights;
    private readonly LossKind _loss;
    private readonly ConcurrentBag<Predictor> _predictors = [];

    private NetworkOnBytes(Network network, ReadOnlyMemory<float> weights, LossKind loss)
    {
        _network = network;
        _weights = weights;
        _loss = loss;
    }

    /// <summary>The network on bytes; null if no layer of it gains by that.</summary>
    /// <param name="restored">The network with the weights that its bytes stand for.</param>
    public static NetworkOnBytes? TryCreate(NetworkModel restored) =>
        restored.Network.Nodes.Any(static node => node.Layer is ConvolutionLayer)
            && InferenceNetwork.OnBytes(restored.Network, restored.Weights) is { } built
            ? new NetworkOnBytes(built.Network, built.Weights, restored.Loss) : null;

    /// <summary>Fills outputs (count, outputs) from features (count, features).</summary>
    public void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        if (!_predictors.TryTake(out Predictor? predictor))
        {
            predictor = new Predictor(_network, _weights, Loss.Create(_loss));
        }

        predictor.Run(features, count, outputs);
        _predictors.Add(predictor);
    }
}
