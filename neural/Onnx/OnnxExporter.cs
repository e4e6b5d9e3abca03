using System.Text.Json;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Writes a network as ONNX (operators of version 17). The input "features" is a batch of rows as
/// the transforms of the model give them: (rows, numbers), or (rows, height, width, channels) for
/// images; the output "outputs" is what the model predicts. Labels and the names of the features
/// stand in the notes of the file. Embedders of texts go out as <see cref="OnnxBagWriter"/> says.
/// </summary>
internal sealed class OnnxExporter
{
    /// <summary>The note that says how images of the input lie.</summary>
    public const string LayoutNote = "layout";

    /// <summary>Height, width, channels.</summary>
    public const string ChannelsLast = "NHWC";

    private const int OperatorVersion = 17;
    private const int FormatVersion = 8;
    private const float Epsilon = 1e-5f;
    private const string InputName = "features";
    private const string OutputName = "outputs";
    private static readonly long[] ToFirstOrder = [0, 3, 1, 2];
    private static readonly long[] ToLastOrder = [0, 2, 3, 1];
    private readonly NetworkModel _model;
    private readonly OnnxGraphWriter _writer = new();
    private readonly List<Place> _places = [];

    private OnnxExporter(NetworkModel model) => _model = model;

    /// <summary>The file of a model.</summary>
    /// <param name="package">The model.</param>
    /// <param name="name">What it is called.</param>
    /// <exception cref="NeuroStoreException">A layer has no form in ONNX.</exception>
    public static byte[] Write(ModelPackage package, string name)
    {
        Model model = package.Model is QuantizedNetworkModel packed
            ? packed.Restored : package.Model;
        if (model is BagModel bag)
        {
            return Start(bag, name).ToArray();
        }

        NetworkModel network = (model is EncoderModel encoder ? encoder.Encoder : model)
            as NetworkModel
            ?? throw NeuralErrors.UnsupportedOnnx(
                $"Networks and embedders are exported as ONNX, and {name} is of the kind "
                + $"{model.Kind}; export FORMAT csharp or native.");
        ProtobufWriter file = Start(network, name);
        Note(file, LayoutNote, [ChannelsLast]);
        (string note, string[] values) = OnnxOwnFile.NoteOf(network);
        Note(file, note, values);
        Note(file, "labels", package.Labels);
        Note(file, "features", package.Pipeline is { } pipeline
            ? [.. Enumerable.Range(0, model.FeatureCount).Select(pipeline.NameOf)]
            : []);
        return file.ToArray();
    }

    /// <summary>The file of a network, without any note.</summary>
    public static byte[] Write(NetworkModel network, string name) =>
        Start(network, name).ToArray();

    private static ProtobufWriter Start(NetworkModel network, string name)
    {
        var exporter = new OnnxExporter(network);
        exporter.WriteGraph(name);
        return Start(exporter._writer);
    }

    private static ProtobufWriter Start(BagModel model, string name)
    {
        var writer = new OnnxGraphWriter();
        End(
            writer,
            name,
            OnnxBagWriter.Write(model, InputName, writer),
            [model.FeatureCount],
            model.OutputCount);
        return Start(writer);
    }

    private static ProtobufWriter Start(OnnxGraphWriter writer) => new ProtobufWriter()
        .Number(1, FormatVersion)
        .Text(2, "NeuroStore")
        .Message(7, writer.Graph)
        .Message(8, new ProtobufWriter().Text(1, "").Number(2, OperatorVersion));

    private static void Note(ProtobufWriter file, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            string text = name == LayoutNote ? values[0] : JsonSerializer.Serialize(values);
            file.Message(14, new ProtobufWriter().Text(1, name).Text(2, text));
        }
    }

    private void WriteGraph(string name)
    {
        Network network = _model.Network;
        IReadOnlyList<Tensor> tensors = _model.Tensors;
        int tensor = 0;
        foreach (NetworkNode node in network.Nodes)
        {
            int count = node.Layer.Parameters.Count;
            _places.Add(Add(node, [.. tensors.Skip(tensor).Take(count)]));
            tensor += count;
        }

        string value = Flat(network.Nodes.Count == 0 ? Input : _places[^1]).Name;
        value = _model.Loss switch
        {
            LossKind.CrossEntropy => _writer.Node("Softmax", [value], ("axis", -1L)),
            LossKind.BinaryCrossEntropy => _writer.Node("Sigmoid", [value]),
            _ => value,
        };
        TensorShape input = network.Input;
        End(
            _writer,
            name,
            value,
            input.IsFlat ? [input.Channels] : [input.Height, input.Width, input.Channels],
            network.Output.Length);
    }

    // Names the output and says what goes in and out.
    private static void End(
        OnnxGraphWriter writer, string name, string value, int[] input, int outputs)
    {
        writer.Graph.Message(1, new ProtobufWriter()
            .Text(1, value).Text(2, OutputName).Text(3, OutputName).Text(4, "Identity"));
        writer.Graph.Text(2, name);
        writer.Graph.Message(11, Value(InputName, input));
        writer.Graph.Message(12, Value(OutputName, [outputs]));
    }

    private Place Input => new(InputName, _model.Network.Input, IsFirst: false);

    private Place PlaceOf(int node) => node < 0 ? Input : _places[node];

    private Place Add(NetworkNode node, Tensor[] tensors)
    {
        Place source = PlaceOf(node.Input);
        Layer layer = node.Layer;
        switch (layer)
        {
            case DropoutLayer or ActivationLayer { Kind: ActivationKind.Identity }:
                return source;
            case FlattenLayer:
                return Flat(source);
            case DenseLayer dense:
                return Rectified(Dense(Last(source), dense, tensors), dense.IsRectified);
            case ConvolutionLayer convolution:
                return Rectified(
                    Convolve(source, layer, convolution.Shape, 1, tensors),
                    convolution.IsRectified);
            case DepthwiseLayer depthwise:
                return Convolve(
                    source, layer, depthwise.Shape, depthwise.Input.Channels, tensors);
            case PoolingLayer pooling:
                return Pool(source, pooling);
            case BatchNormalizationLayer:
                Place batch = First(source);
                return batch with
                {
                    Name = _writer.Node(
                        "BatchNormalization",
                        [batch.Name, .. tensors.Select(_writer.Constant)],
                        ("epsilon", Epsilon)),
                };
            case NormalizationLayer:
                Place rows = Last(source);
                return rows with
                {
                    Name = _writer.Node(
                        "LayerNormalization",
                        [rows.Name, .. tensors.Select(_writer.Constant)],
                        ("axis", -1L),
                        ("epsilon", Epsilon)),
                };
            case ActivationLayer activation:
                return source with
                {
                    Name = OnnxActivationWriter.Write(
                        _writer, source.Name, activation.Kind),
                };
            case AddLayer:
                Place left = Last(source);
                Place right = Last(PlaceOf(node.SecondInput));
                return left with { Name = _writer.Node("Add", [left.Name, right.Name]) };
            default:
                return Of(layer, Sequence(source, layer, tensors));
        }
    }

    private string Sequence(Place source, Layer layer, Tensor[] tensors) => layer switch
    {
        EmbeddingLayer table => OnnxSequences.Embed(_writer, Flat(source).Name, table, tensors),
        PositionLayer position =>
            OnnxSequences.Position(_writer, Last(source).Name, position, tensors),
        GruLayer gru => OnnxSequences.Gru(_writer, Last(source).Name, gru, tensors),
        LstmLayer lstm => OnnxSequences.Lstm(_writer, Last(source).Name, lstm, tensors),
        AttentionLayer attention =>
            OnnxSequences.Attend(_writer, Last(source).Name, attention, tensors),
        _ => throw NeuralErrors.UnsupportedOnnx(
            $"The layer {layer.Text} is not exported as ONNX; export FORMAT csharp or native."),
    };

    private static Place Of(Layer layer, string name) =>
        new(name, layer.Output, IsFirst: false);

    private Place Dense(Place source, DenseLayer layer, Tensor[] tensors)
    {
        string weights = _writer.Constant(tensors[0]);
        string bias = _writer.Constant(tensors[1]);
        string name = layer.Input.IsFlat
            ? _writer.Node("Gemm", [source.Name, weights, bias])
            : _writer.Node("Add", [_writer.Node("MatMul", [source.Name, weights]), bias]);
        return new Place(name, layer.Output, IsFirst: false);
    }

    // Ours are (height, width, in, out) and (height, width, channels); ONNX has (out, in / groups,
    // height, width).
    private Place Convolve(
        Place source, Layer layer, ConvolutionShape shape, int groups, Tensor[] tensors)
    {
        int taps = shape.KernelHeight * shape.KernelWidth;
        int inner = shape.Channels / groups;
        ReadOnlySpan<float> own = tensors[0].Data.Span;
        var weights = new float[own.Length];
        for (int output = 0; output < shape.OutChannels; output++)
        {
            for (int input = 0; input < inner; input++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    weights[(((output * inner) + input) * taps) + tap] =
                        own[(((tap * inner) + input) * shape.OutChannels) + output];
                }
            }
        }

        string name = _writer.Node(
            "Conv",
            [
                Spatial(source),
                _writer.Constant(
                    weights, shape.OutChannels, inner, shape.KernelHeight, shape.KernelWidth),
                _writer.Constant(tensors[1]),
            ],
            [("group", (long)groups), .. WindowOf(shape)]);
        return Narrow(new Place(name, layer.Output, IsFirst: true));
    }

    private Place Pool(Place source, PoolingLayer layer)
    {
        string name = layer.Kind == PoolingKind.Maximum
            ? _writer.Node("MaxPool", [Spatial(source)], [.. WindowOf(layer.Shape)])
            : _writer.Node(
                "AveragePool",
                [Spatial(source)],
                [("count_include_pad", 0L), .. WindowOf(layer.Shape)]);
        return Narrow(new Place(name, layer.Output, IsFirst: true));
    }

    // A single place is an image of one pixel.
    private string Spatial(Place source) => source.Shape.IsFlat
        ? _writer.Reshaped(Flat(source).Name, 0, source.Shape.Channels, 1, 1)
        : First(source).Name;

    private static (string, object)[] WindowOf(ConvolutionShape s) =>
    [
        ("kernel_shape", (long[])[s.KernelHeight, s.KernelWidth]),
        ("strides", (long[])[s.Stride, s.Stride]),
        ("pads", (long[])
        [
            s.PadTop,
            s.PadLeft,
            Math.Max(0, ((s.OutHeight - 1) * s.Stride) + s.KernelHeight - s.Height - s.PadTop),
            Math.Max(0, ((s.OutWidth - 1) * s.Stride) + s.KernelWidth - s.Width - s.PadLeft),
        ]),
    ];

    private Place Rectified(Place place, bool isRectified) =>
        isRectified ? place with { Name = _writer.Node("Relu", [place.Name]) } : place;

    // With the channels before height and width; plain numbers have no other order.
    private Place First(Place place) => place.IsFirst || place.Shape.IsFlat
        ? place
        : place with { Name = _writer.Transposed(place.Name, ToFirstOrder), IsFirst = true };

    private Place Last(Place place) => place.IsFirst && !place.Shape.IsFlat
        ? place with { Name = _writer.Transposed(place.Name, ToLastOrder), IsFirst = false }
        : place;

    // An image of one pixel becomes plain numbers, whichever way it lay.
    private Place Narrow(Place place) => place.Shape.IsFlat ? Flat(place) : place;

    private Place Flat(Place place) => place.Shape.IsFlat && !place.IsFirst
        ? place
        : new Place(
            _writer.Node("Flatten", [Last(place).Name], ("axis", 1L)),
            TensorShape.Flat(place.Shape.Length),
            IsFirst: false);

    private static ProtobufWriter Value(string name, int[] sizes)
    {
        ProtobufWriter shape = new ProtobufWriter()
            .Message(1, new ProtobufWriter().Text(2, "rows"));
        foreach (int size in sizes)
        {
            shape.Message(1, new ProtobufWriter().Number(1, size));
        }

        ProtobufWriter type = new ProtobufWriter().Number(1, 1).Message(2, shape);
        return new ProtobufWriter()
            .Text(1, name)
            .Message(2, new ProtobufWriter().Message(1, type));
    }

    /// <summary>A value of the graph and how it lies.</summary>
    private readonly record struct Place(string Name, TensorShape Shape, bool IsFirst);
}
