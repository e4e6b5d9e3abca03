namespace NeuroDb.Neural;

/// <summary>
/// Makes a network from a list of layers. A relu behind a dense layer or a convolution becomes a
/// part of it; a residual block and a transformer become their layers.
/// </summary>
internal sealed class NetworkBuilder
{
    private const int ParameterLengthMax = 1 << 29;

    private readonly TensorShape _input;
    private readonly List<(Layer Layer, int Input, int Second)> _layers = [];

    private NetworkBuilder(TensorShape input)
    {
        _input = input;
        Last = -1;
    }

    private int Last { get; set; }

    // What a residual block goes around: nothing may be put into it any more.
    private int LastShared { get; set; } = -1;

    private TensorShape Shape => ShapeOf(Last);

    /// <summary>The network of a list of layers.</summary>
    public static Network Build(TensorShape input, string text)
    {
        var builder = new NetworkBuilder(input);
        long length;
        try
        {
            foreach (LayerSpec spec in LayerTextParser.Parse(text))
            {
                builder.Add(spec);
            }

            length = builder._layers.Sum(
                node => node.Layer.Parameters.Sum(parameter => (long)parameter.Length));
        }
        catch (OverflowException)
        {
            length = long.MaxValue;
        }

        return length <= ParameterLengthMax
            ? new Network(input, text, builder._layers)
            : throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"The network has more than the {ParameterLengthMax} parameters or activations "
                + "that are possible.");
    }

    private void Add(LayerSpec spec)
    {
        switch (spec.Name)
        {
            case "residual":
                AddResidual(spec);
                break;
            case "transformer":
                AddTransformer(spec);
                break;
            case "separable":
                AddSeparable(spec);
                break;
            case "relu" when TryRectifyLast():
                break;
            default:
                Append(LayerFactory.Create(spec, Shape));
                break;
        }
    }

    private void Append(Layer layer)
    {
        _layers.Add((layer, Last, -1));
        Last = _layers.Count - 1;
    }

    private bool TryRectifyLast()
    {
        if (Last <= LastShared || Last != _layers.Count - 1)
        {
            return false;
        }

        (Layer layer, int input, int second) = _layers[Last];
        Layer? rectified = layer is DenseLayer { IsRectified: false } or
            ConvolutionLayer { IsRectified: false }
            ? LayerFactory.Rectify(layer, ShapeOf(input)) : null;
        if (rectified == null)
        {
            return false;
        }

        _layers[Last] = (rectified, input, second);
        return true;
    }

    /// <summary>
    /// The layers inside plus what went in, brought to their shape by a convolution of one pixel
    /// where it differs (He et al., "Deep Residual Learning", CVPR 2016, section 3.2).
    /// </summary>
    private void AddResidual(LayerSpec spec)
    {
        if (!spec.Parts.Any())
        {
            throw NeuralErrors.InvalidModel("residual(...) holds the layers that it goes around.");
        }

        int from = Last;
        LastShared = Math.Max(LastShared, from);
        TensorShape before = Shape;
        foreach (LayerSpec part in spec.Parts)
        {
            Add(part);
        }

        int inner = Last;
        TensorShape after = Shape;
        int around = from;
        if (before != after)
        {
            Last = from;
            Append(LayerFactory.Projection(before, after));
            around = Last;
        }

        _layers.Add((new AddLayer(after), inner, around));
        Last = _layers.Count - 1;
    }

    /// <summary>
    /// Normalised attention and a normalised pair of dense layers, each added to its input (Xiong
    /// et al., "On Layer Normalization in the Transformer Architecture", ICML 2020).
    /// </summary>
    private void AddTransformer(LayerSpec spec)
    {
        int heads = LayerFactory.WholeNumber(spec, 0, 1, 64);
        int wide = spec.Arguments.Count > 1
            ? LayerFactory.WholeNumber(spec, 1, 1, 1 << 16) : 4 * Shape.Channels;
        int channels = Shape.Channels;
        AddResidual(Spec("residual", Spec("layer_norm"), Spec("attention", heads)));
        AddResidual(Spec(
            "residual", Spec("layer_norm"), Spec("dense", wide), Spec("gelu"),
            Spec("dense", channels)));
    }

    private void AddSeparable(LayerSpec spec)
    {
        int filters = LayerFactory.WholeNumber(spec, 0, 1, 1 << 16);
        Add(new LayerSpec("depthwise", [.. spec.Arguments.Skip(1)]));
        Append(LayerFactory.Create(Spec("conv", filters, 1), Shape));
    }

    private static LayerSpec Spec(string name, params object[] arguments) => new(
        name,
        [
            .. arguments.Select(argument => argument is LayerSpec part
                ? new LayerArgument(null, null, part)
                : new LayerArgument(null, (int)argument, null)),
        ]);

    private TensorShape ShapeOf(int node) => node < 0 ? _input : _layers[node].Layer.Output;
}
