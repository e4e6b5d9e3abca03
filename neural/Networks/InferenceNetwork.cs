using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The same function in fewer passes, for predictions: a batch normalisation goes into the weights
/// of the layer before it, w r gain and (b - mean) r gain + bias (Jacob et al., CVPR 2018, section
/// 3.2), and a rectifier into the layer whose output it alone reads. What drops numbers goes, and
/// weights of convolutions are transformed once.
/// </summary>
internal sealed class InferenceNetwork
{
    private readonly Network _network;
    private readonly ReadOnlyMemory<float> _weights;
    private readonly List<(Layer Layer, int Input, int Second)> _layers = [];
    private readonly List<float[]> _parameters = [];
    private readonly int[] _places;
    private readonly int[] _consumers;
    private bool _isOnBytes;

    private InferenceNetwork(Network network, ReadOnlyMemory<float> weights)
    {
        _network = network;
        _weights = weights;
        _places = new int[network.Nodes.Count];
        _consumers = new int[network.Nodes.Count];
        foreach (NetworkNode node in network.Nodes)
        {
            Count(node.Input);
            Count(node.Layer.HasTwoInputs ? node.SecondInput : -1);
        }
    }

    /// <summary>The network to predict with, and its weights; itself if nothing is gained.
    /// </summary>
    public static (Network Network, ReadOnlyMemory<float> Weights) Of(
        Network network, ReadOnlyMemory<float> weights)
    {
        bool isWorth = network.Nodes.Any(static node => node.Layer is BatchNormalizationLayer
            or AddLayer or ActivationLayer { Kind: ActivationKind.Relu } or DropoutLayer
            || IsPrepared(node.Layer));
        return isWorth ? new InferenceNetwork(network, weights).Build() : (network, weights);
    }

    /// <summary>
    /// The network with layers on bytes where that is faster; null if it has none. For weights
    /// that bytes stand for already: their rounding is found again, batch normalisations included.
    /// </summary>
    public static (Network Network, ReadOnlyMemory<float> Weights)? OnBytes(
        Network network, ReadOnlyMemory<float> weights)
    {
        var inference = new InferenceNetwork(network, weights) { _isOnBytes = true };
        (Network Network, ReadOnlyMemory<float> Weights) built = inference.Build();
        return built.Network.Nodes.Any(static node => node.Layer is ByteLayer) ? built : null;
    }

    private (Network Network, ReadOnlyMemory<float> Weights) Build()
    {
        for (int i = 0; i < _network.Nodes.Count; i++)
        {
            NetworkNode node = _network.Nodes[i];
            float[] own = _weights.Span.Slice(node.Offset, node.Length).ToArray();
            int before = PlaceOf(node.Input);
            bool isAlone = node.Input >= 0 && _consumers[node.Input] == 1;
            bool isNothing = isAlone && node.Layer is DropoutLayer;
            _places[i] = isNothing || (isAlone && TryMerge(node.Layer, own, before))
                ? before
                : Append(node.Layer, before, PlaceOf(node.SecondInput), own);
        }

        var isPositive = new bool[_layers.Count];
        for (int i = 0; i < _layers.Count; i++)
        {
            (Layer layer, int input, _) = _layers[i];
            bool isInputPositive = input >= 0 && isPositive[input];
            isPositive[i] = IsPositive(layer, isInputPositive);
            if (_isOnBytes
                && ByteLayer.TryCreate(layer, isInputPositive, _parameters[i]) is { } bytes)
            {
                _parameters[i] = [];
                _layers[i] = _layers[i] with { Layer = bytes };
            }
            else if (IsPrepared(layer))
            {
                var prepared = new PreparedConvolutionLayer((ConvolutionLayer)_layers[i].Layer);
                _parameters[i] = prepared.Prepare(_parameters[i]);
                _layers[i] = _layers[i] with { Layer = prepared };
            }
        }

        var network = new Network(_network.Input, _network.Text, _layers);
        Memory<float> weights = AlignedMemory.Allocate<float>(network.ParameterLength);
        for (int i = 0; i < _parameters.Count; i++)
        {
            _parameters[i].CopyTo(weights.Span[network.Nodes[i].Offset..]);
        }

        return (network, weights);
    }

    // Whether no number of the output is negative.
    private static bool IsPositive(Layer layer, bool isInputPositive) => layer switch
    {
        ConvolutionLayer convolution => convolution.IsRectified,
        DenseLayer dense => dense.IsRectified,
        AddLayer add => add.IsRectified,
        ActivationLayer activation =>
            activation.Kind is ActivationKind.Relu or ActivationKind.Sigmoid,
        PoolingLayer or FlattenLayer => isInputPositive,
        _ => false,
    };

    private static bool IsPrepared(Layer layer) =>
        layer is ConvolutionLayer convolution && WinogradConvolution.Applies(convolution.Shape);

    private void Count(int node)
    {
        if (node >= 0)
        {
            _consumers[node]++;
        }
    }

    private int PlaceOf(int node) => node < 0 ? node : _places[node];

    private int Append(Layer layer, int input, int second, float[] parameters)
    {
        _layers.Add((layer, input, second));
        _parameters.Add(parameters);
        return _layers.Count - 1;
    }

    private bool TryMerge(Layer layer, float[] parameters, int before)
    {
        (Layer source, int input, int second) = _layers[before];
        switch (layer)
        {
            case BatchNormalizationLayer when source is DepthwiseLayer
                or ConvolutionLayer { IsRectified: false } or DenseLayer { IsRectified: false }:
                _parameters[before] =
                    Folded(_parameters[before], parameters, layer.Input.Channels);
                return true;
            case ActivationLayer { Kind: ActivationKind.Relu }
                when source is ConvolutionLayer { IsRectified: false }
                    or DenseLayer { IsRectified: false }:
                TensorShape shape = input < 0 ? _network.Input : _layers[input].Layer.Output;
                _layers[before] = (LayerFactory.Rectify(source, shape), input, second);
                return true;
            case ActivationLayer { Kind: ActivationKind.Relu }
                when source is AddLayer { IsRectified: false }:
                _layers[before] = (
                    new AddLayer(source.Output, isRectified: true), input, second);
                return true;
            default:
                return false;
        }
    }

    // Weights (.., channels) and then biases (channels); gain, bias, mean and variance.
    private static float[] Folded(float[] parameters, float[] normal, int channels)
    {
        var folded = new float[parameters.Length];
        int biases = parameters.Length - channels;
        for (int i = 0; i < parameters.Length; i++)
        {
            int channel = i % channels;
            double scale = normal[channel]
                / Math.Sqrt(normal[(3 * channels) + channel] + (double)BatchNormalization.Epsilon);
            folded[i] = (float)(i < biases
                ? parameters[i] * scale
                : ((parameters[i] - (double)normal[(2 * channels) + channel]) * scale)
                    + normal[channels + channel]);
        }

        return folded;
    }
}
